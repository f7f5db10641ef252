#pragma once
#include "core/engine/weights.h"
#include "ui/jobs/adviser.h"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace graft::test {

/// An advice with everything in it, as of 90 pictures of three classes; `recommended` is what it says. The
/// support vector machine does best at the third of four stages.
inline learn::Advice completeAdvice(const char* recommended, const char* backbone = "efficientnet-lite0")
{
    learn::Advice advice;
    advice.backbone = backbone;
    advice.classes = 3;
    advice.fewest = 24;
    advice.most = 36;
    advice.pictures = advice.measuredOn = 90;
    advice.familiarity = 0.41;
    advice.oftenSeenAs = "daisy";
    advice.cuts = {{"block0", 16, {40, 90}, {45, 90}},
                   {"block3", 80, {63, 90}, {66, 90}},
                   {"block5", 192, {76, 90}, {84, 90}},
                   {"head", 1280, {81, 90}, {80, 90}}};
    advice.chosenSvm = {83, 90};
    advice.similar = 0.4;
    advice.similarError = 0.2;
    advice.many = -0.6;
    advice.manyError = 0.2;
    advice.strategies = {{"linear", "head", "", 0.9, {0.82, 0.95}, 1.0, 4.0, true},
                         {"finetune", "head", "", 0.91, {0.8, 0.96}, 120.0, 600.0, false},
                         {"svm", "block5", "", 0.93, {0.85, 0.97}, 3.0, 9.0, true},
                         {"scratch", "head", "weights", 0.8, {0.5, 0.9}, 600.0, 3600.0, false}};
    advice.recommended = recommended;
    advice.init = advice.recommended == "scratch" ? "weights" : "";
    advice.reason = "Your pictures are few. So the whole network would learn them by heart.";
    return advice;
}

/// Measures what it is told to, and waits in the middle until it is released or stopped. Must outlive the
/// adviser.
class FakeAdvice
{
public:
    ui::AdviceSource source()
    {
        return {[this] {
                    const std::scoped_lock lock(m_mutex);
                    return m_kept;
                },
                [this](const engine::AdviseOptions& options, const engine::AdviceSink& each,
                       const ProgressSink& progress,
                       std::stop_token stop) { return measure(options, each, progress, stop); }};
    }

    void keep(const learn::Advice& advice)
    {
        const std::scoped_lock lock(m_mutex);
        m_kept = advice;
    }

    void say(const learn::Advice& advice) ///< what the next measurements come to
    {
        const std::scoped_lock lock(m_mutex);
        m_result = advice;
    }

    void missWeights()
    {
        const std::scoped_lock lock(m_mutex);
        m_weightsMissing = true;
    }

    void release() ///< the measurement at hand, and all later ones
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_released = true;
        }
        m_wake.notify_all();
    }

    int measured() ///< how often it began
    {
        const std::scoped_lock lock(m_mutex);
        return m_measured;
    }

private:
    learn::Advice measure(const engine::AdviseOptions& options, const engine::AdviceSink& each,
                          const ProgressSink& progress, std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        ++m_measured;
        if (m_weightsMissing)
            throw engine::WeightsNeeded("EfficientNet-Lite0", "its weights are missing", "Download them.");
        learn::Advice half = m_result;
        half.backbone = options.backbone;
        half.strategies.clear();
        half.recommended.clear();
        half.cuts.resize(2);
        each(half);
        progress({"Reading pictures", 12, 48});
        if (!m_wake.wait(lock, stop, [this] { return m_released; }))
            throw Stopped();
        learn::Advice result = m_result;
        result.backbone = options.backbone;
        return result;
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<learn::Advice> m_kept; // this and the rest guarded by m_mutex
    learn::Advice m_result = completeAdvice("svm");
    bool m_weightsMissing = false;
    bool m_released = false;
    int m_measured = 0;
};

} // namespace graft::test
