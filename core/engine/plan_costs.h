#pragma once
#include "core/dataset/dataset.h"
#include "core/learn/advice.h"
#include "core/learn/plan.h"

#include <cstdint>
#include <map>
#include <string>

namespace graft::engine {

/// How a figure came to be.
enum class Known {
    No, ///< nothing is known yet
    WorkedOut, ///< by arithmetic, from the network's layers or from how fast something similar was
    Measured, ///< from how fast this very network was on this computer
};

/// What a training takes on this computer.
struct PlanCosts {
    double lowSeconds = 0.0; ///< where it ends early, and what can be kept is there already
    double highSeconds = 0.0;
    Known time = Known::No;
    std::int64_t memory = 0; ///< bytes that are needed at once, besides those of the program itself
    Known memoryKnown = Known::No;
    std::int64_t disk = 0; ///< bytes that stay: the model, and features for the next training
    std::int64_t diskMeanwhile = 0; ///< bytes that are needed besides until it has ended
    Known diskKnown = Known::No;
};

/// What a network takes for one picture, and its weights.
struct NetworkSize {
    int inputSize = 0; ///< pixels, height and width
    std::int64_t weights = 0; ///< numbers in its file: learned ones and measured statistics
    double multiplyAdds = 0.0; ///< forward
    std::int64_t answerBytes = 0; ///< results that live at once in evaluation
    std::int64_t trainingBytes = 0; ///< and in a training step
    int channels = 0; ///< features at the cut; of all stages together where the cut is "auto"
};

/// Of the network that a plan would train, with `classes` classes; a walk over its layers. Takes
/// under a millisecond (0.6 ms at most, see tst_plan_costs). Throws Error (no such backbone or stage, an
/// input too small).
NetworkSize networkSize(const learn::Plan& plan, int classes);

/// Works out what plans cost for the pictures of one project. Networks that were walked before are
/// remembered, so that asking again takes microseconds. One thread at a time.
class CostEstimator
{
public:
    explicit CostEstimator(const dataset::Dataset& data);

    /// What was measured so far; it may be incomplete.
    void setAdvice(const learn::Advice& advice) { m_advice = advice; }

    /// Pictures per second forward, by backbone, all measured in the same way here: for backbones that the
    /// advice does not know.
    void setSpeeds(std::map<std::string, double> speeds) { m_speeds = std::move(speeds); }

    int trainingPictures() const { return m_counts.training; }

    int validationPictures() const { return m_counts.validation; }

    int testPictures() const { return m_counts.test; }

    int classes() const { return m_classes; }

    /// Completes the plan. Throws Error where it is not sensible.
    PlanCosts of(const learn::Plan& plan);

private:
    struct Time;
    Time timeOf(const learn::Plan& plan);
    Time featureTimeOf(const learn::Plan& plan, const learn::Forecast& forecast);
    Time epochTimeOf(const learn::Plan& plan, const learn::Forecast& forecast);
    /// How many times as long a picture takes as the one that was timed; 0: not known.
    double slowness(const learn::Plan& plan, const std::string& timedCut, bool& same);
    double backboneSlowness(const std::string& backbone) const;
    std::int64_t memoryOf(const learn::Plan& plan);
    std::int64_t featureRows(const learn::Plan& plan) const;
    const NetworkSize& sizeOf(const learn::Plan& plan);

    dataset::ClassCount m_counts; ///< of all classes together
    int m_fewest = 0; ///< pictures of the smallest class, of all sides
    int m_classes = 0;
    learn::Advice m_advice;
    std::map<std::string, double> m_speeds;
    std::map<std::string, NetworkSize> m_sizes;
};

} // namespace graft::engine
