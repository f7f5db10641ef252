#include "core/engine/cross_validation.h"

#include "core/base/error.h"
#include "core/engine/training_run.h"
#include "core/learn/folds.h"

#include <algorithm>
#include <map>
#include <set>

namespace graft::engine {

namespace {

using dataset::Picture;
using dataset::Side;

/// Of the classes that have any.
int picturesOfTheSmallestClass(const std::vector<Picture>& pictures)
{
    std::map<int, int> counts;
    for (const Picture& picture : pictures)
        ++counts[picture.label];
    return counts.empty()
        ? 0
        : std::ranges::min_element(counts, {}, [](const auto& c) { return c.second; })->second;
}

int foldsFor(const std::vector<Picture>& pictures)
{
    constexpr int most = 5;
    constexpr int fewest = 2;
    std::map<int, std::set<std::int64_t>> groups;
    for (const Picture& picture : pictures)
        groups[picture.label].insert(picture.group);
    int folds = most;
    for (const auto& [label, own] : groups)
        folds = std::min(folds, static_cast<int>(own.size()));
    return std::max(fewest, folds);
}

bool hasTwoClassesToLearn(const dataset::Dataset& fold)
{
    std::set<int> labels;
    for (const Picture& picture : fold.pictures) {
        if (picture.side == Side::Training)
            labels.insert(picture.label);
    }
    return labels.size() >= 2;
}

/// Gives the run its data and its plan back, whatever happens.
class Exchanged
{
public:
    explicit Exchanged(TrainingRun& run)
        : m_run(run)
        , m_data(std::move(run.data))
        , m_plan(run.record.plan)
    {
        m_run.quiet = true;
    }

    ~Exchanged()
    {
        m_run.data = std::move(m_data);
        m_run.record.plan = std::move(m_plan);
        m_run.quiet = false;
    }

    Exchanged(const Exchanged&) = delete;
    Exchanged& operator=(const Exchanged&) = delete;

private:
    TrainingRun& m_run;
    dataset::Dataset m_data;
    learn::Plan m_plan;
};

} // namespace

std::vector<dataset::Dataset> foldsOfSmallData(const dataset::Dataset& data, std::uint64_t seed)
{
    if (picturesOfTheSmallestClass(data.pictures) >= enoughPictures)
        return {};
    dataset::Dataset seen = data;
    std::erase_if(seen.pictures, [](const Picture& picture) { return picture.side == Side::Test; });
    learn::LabelledFeatures rows;
    for (const Picture& picture : seen.pictures) {
        rows.labels.push_back(picture.label);
        rows.groups.push_back(picture.group);
    }
    const int count = foldsFor(seen.pictures);
    if (std::set<std::int64_t>(rows.groups.begin(), rows.groups.end()).size()
        < static_cast<std::size_t>(count))
        return {};
    const std::vector<int> parts = learn::stratifiedFolds(rows, count, seed);
    std::vector<dataset::Dataset> folds(static_cast<std::size_t>(count), seen);
    for (int fold = 0; fold < count; ++fold) {
        auto& pictures = folds[static_cast<std::size_t>(fold)].pictures;
        for (std::size_t i = 0; i < pictures.size(); ++i)
            pictures[i].side = parts[i] == fold ? Side::Test : Side::Training;
    }
    if (!std::ranges::all_of(folds, hasTwoClassesToLearn))
        return {};
    return folds;
}

ConfusionMatrix crossValidate(TrainingRun& run, std::vector<dataset::Dataset> folds, const learn::Plan& plan,
                              const AnswerFold& answer)
{
    const Exchanged exchanged(run);
    ConfusionMatrix all;
    int number = 0;
    for (dataset::Dataset& fold : folds) {
        const std::string what =
            "Checking fold " + std::to_string(++number) + " of " + std::to_string(folds.size());
        run.tell(TrainPreparing {what, number - 1, static_cast<int>(folds.size()), 0.0});
        run.data = std::move(fold);
        run.record.plan = plan;
        if (all.classes() == 0)
            all = ConfusionMatrix(run.classes());
        try {
            const ConfusionMatrix one = answer(run, what);
            for (int truth = 0; truth < one.classes(); ++truth) {
                for (int predicted = 0; predicted < one.classes(); ++predicted) {
                    for (std::int64_t i = 0; i < one.at(truth, predicted); ++i)
                        all.add(truth, predicted);
                }
            }
        } catch (const Stopped&) {
            return ConfusionMatrix();
        } catch (const Error& error) { // the model is there and good: only its check is missing
            run.tell(TrainNote {true, std::string("The folds could not be checked: ") + error.what()});
            return ConfusionMatrix();
        }
    }
    return all;
}

} // namespace graft::engine
