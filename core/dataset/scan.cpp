#include "core/dataset/scan.h"

#include "core/base/parallel.h"
#include "core/base/picture_error.h"
#include "core/dataset/duplicates.h"
#include "core/dataset/labels.h"
#include "core/dataset/walk.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace graft::dataset {

namespace fs = std::filesystem;

namespace {

ProblemKind kindOf(PictureFault fault)
{
    switch (fault) {
    case PictureFault::NotAPicture:
        return ProblemKind::NotAPicture;
    case PictureFault::Empty:
        return ProblemKind::Empty;
    case PictureFault::Damaged:
        return ProblemKind::Damaged;
    case PictureFault::TooBig:
        return ProblemKind::TooBig;
    case PictureFault::Unreadable:
        return ProblemKind::Unreadable;
    case PictureFault::Missing:
        return ProblemKind::Missing;
    }
    return ProblemKind::Unreadable;
}

/// What came of one file; neither where a stop came first.
struct Outcome {
    std::optional<Inspection> inspection;
    std::optional<Problem> problem;
};

Outcome inspectOne(const LabelledFile& file, const Inspect& inspect)
{
    const fs::path& path = file.file.path;
    const auto problem = [&](ProblemKind kind, const std::string& reason) {
        return Outcome {std::nullopt, Problem {kind, path, file.label, reason, true, {}}};
    };
    try {
        return {inspect(path), std::nullopt};
    } catch (const PictureError& error) {
        return problem(kindOf(error.fault()), error.subject() + " " + error.happened() + ". " + error.next());
    } catch (const Error& error) {
        return problem(ProblemKind::Unreadable,
                       error.subject() + " " + error.happened() + ". " + error.next());
    } catch (const std::bad_alloc&) {
        return problem(ProblemKind::TooBig,
                       path.filename().string()
                           + " needs more memory than there is. Close other programs, or "
                             "make the picture smaller.");
    } catch (const std::exception& error) {
        return problem(ProblemKind::Damaged,
                       path.filename().string() + " could not be looked into: " + error.what()
                           + ". Leave it out.");
    }
}

/// Says how far the reading is, at most thirty times a second.
class Reporter
{
public:
    Reporter(const ProgressSink& sink, std::size_t total)
        : m_sink(sink)
        , m_total(static_cast<std::int64_t>(total))
    {
    }

    void oneMore()
    {
        const std::scoped_lock lock(m_mutex);
        ++m_done;
        const auto now = std::chrono::steady_clock::now();
        if (!m_sink || (m_done != m_total && now - m_last < std::chrono::milliseconds(33)))
            return;
        m_last = now;
        m_sink({"Reading pictures", m_done, m_total});
    }

private:
    const ProgressSink& m_sink;
    std::mutex m_mutex;
    std::int64_t m_total;
    std::int64_t m_done = 0;
    std::chrono::steady_clock::time_point m_last;
};

std::vector<Outcome> inspectAll(const std::vector<LabelledFile>& files, int threads, const Inspect& inspect,
                                const ProgressSink& progress, const std::stop_token& stop)
{
    std::vector<Outcome> outcomes(files.size());
    Reporter reporter(progress, files.size());
    parallelFor(files.size(), threads, stop, [&](std::size_t i) {
        outcomes[i] = inspectOne(files[i], inspect);
        reporter.oneMore();
    });
    return outcomes;
}

/// Puts the good ones into the dataset, under labels for now by all classes. Returns their signatures.
std::vector<std::vector<std::uint8_t>> collect(const Labelling& labelling, std::vector<Outcome>& outcomes,
                                               Dataset& dataset)
{
    std::vector<std::vector<std::uint8_t>> signatures;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].problem)
            dataset.problems.push_back(std::move(*outcomes[i].problem));
        if (!outcomes[i].inspection)
            continue;
        Inspection& seen = *outcomes[i].inspection;
        const auto label = std::ranges::lower_bound(dataset.classes, labelling.files[i].label);
        dataset.pictures.push_back({labelling.files[i].file.path,
                                    static_cast<int>(label - dataset.classes.begin()), std::move(seen.sha256),
                                    seen.perceptualHash, seen.width, seen.height, 0, Side::Training});
        signatures.push_back(std::move(seen.signature));
    }
    return signatures;
}

/// Takes classes without pictures out and says so, unless a stop is why they have none.
void dropEmptyClasses(Dataset& dataset, bool areFolders, bool stopped)
{
    std::vector<int> renamed;
    std::vector<std::string> kept;
    const auto counts = countClasses(dataset);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        renamed.push_back(static_cast<int>(kept.size()));
        std::string& name = dataset.classes[i];
        if (counts[i].all > 0)
            kept.push_back(std::move(name));
        else if (!stopped)
            dataset.problems.push_back({ProblemKind::ClassLeftOut,
                                        areFolders ? dataset.root / name : dataset.root,
                                        name,
                                        "\"" + name
                                            + "\" has no picture that can be used, so it is left out. "
                                            + "Add pictures to it and read the folder again.",
                                        true,
                                        {}});
    }
    for (auto& picture : dataset.pictures)
        picture.label = renamed[static_cast<std::size_t>(picture.label)];
    dataset.classes = std::move(kept);
}

/// The folder, absolute and without a slash at its end.
fs::path absoluteFolder(const fs::path& folder)
{
    fs::path root = fs::absolute(folder).lexically_normal();
    if (!root.has_filename() && root.has_relative_path())
        root = root.parent_path();
    std::error_code failure;
    const auto status = fs::status(root, failure);
    if (!fs::exists(status))
        throw Error(root.string(), "is not there", "Choose a folder with one sub-folder for each class.");
    if (!fs::is_directory(status))
        throw Error(root.string(), "is not a folder", "Choose a folder with one sub-folder for each class.");
    return root;
}

} // namespace

ScanResult scan(const fs::path& folder, const ScanOptions& options, const Inspect& inspect,
                const ProgressSink& progress, std::stop_token stop)
{
    ScanResult result;
    Dataset& dataset = result.dataset;
    dataset.root = absoluteFolder(folder);
    Walk walked = walk(dataset.root, progress, stop);
    result.stopped = stop.stop_requested();
    if (result.stopped)
        return result;
    Labelling labelling = label(dataset.root, walked, options);
    const bool byFolders = std::ranges::equal(labelling.classes, walked.tops);
    dataset.classes = labelling.classes;
    for (auto& problem : walked.problems) {
        if (!byFolders)
            problem.className.clear();
        dataset.problems.push_back(std::move(problem));
    }
    std::ranges::move(labelling.problems, std::back_inserter(dataset.problems));
    auto outcomes = inspectAll(labelling.files, options.threads, inspect, progress, stop);
    result.stopped = stop.stop_requested();
    groupDuplicates(dataset, collect(labelling, outcomes, dataset));
    dropEmptyClasses(dataset, byFolders, result.stopped);
    std::ranges::stable_sort(dataset.problems, [](const Problem& a, const Problem& b) {
        return std::tie(a.path, a.kind) < std::tie(b.path, b.kind);
    });
    if (dataset.pictures.empty() && !result.stopped)
        throw Error(dataset.root.string(),
                    dataset.problems.empty()
                        ? "holds no pictures"
                        : "holds no picture that can be used. " + dataset.problems[0].reason,
                    "Choose a folder with one sub-folder for each class.");
    return result;
}

} // namespace graft::dataset
