#include "core/engine/import.h"

#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/imaging/decode.h"
#include "core/imaging/inspect.h"

#include <algorithm>
#include <map>
#include <set>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

dataset::Inspection inspectFile(const fs::path& file)
{
    const std::string bytes = imaging::readPicture(file);
    const Image image = imaging::decode(bytes, file.filename().string());
    return {.width = image.width,
            .height = image.height,
            .sha256 = sha256(bytes),
            .perceptualHash = imaging::perceptualHash(image),
            .signature = imaging::signature(image)};
}

bool isInside(const fs::path& file, const fs::path& folder)
{
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

int labelNamed(dataset::Dataset& data, const std::string& name)
{
    const auto found = std::ranges::find(data.classes, name);
    if (found != data.classes.end())
        return static_cast<int>(found - data.classes.begin());
    data.classes.push_back(name);
    return static_cast<int>(data.classes.size()) - 1;
}

/// Adds the pictures of another folder that the project had before. The same content joins its twin's group,
/// and under two labels it is left out, as in one folder.
void keepOthers(dataset::Dataset& data, const dataset::Dataset& before)
{
    std::map<std::string, const dataset::Picture*> known;
    int nextGroup = 0;
    for (const dataset::Picture& picture : data.pictures) {
        known.emplace(picture.sha256, &picture);
        nextGroup = std::max(nextGroup, picture.group + 1);
    }
    const auto nameOf = [](const dataset::Dataset& from, const dataset::Picture& p) {
        return from.classes[static_cast<std::size_t>(p.label)];
    };
    std::set<std::string> contradicted;
    std::map<int, int> groups;
    std::vector<dataset::Picture> kept;
    for (dataset::Picture picture : before.pictures) {
        if (isInside(picture.path, data.root))
            continue;
        const std::string name = nameOf(before, picture);
        const auto twin = known.find(picture.sha256);
        if (twin != known.end() && nameOf(data, *twin->second) != name) {
            contradicted.insert(picture.sha256);
            data.problems.push_back({.kind = dataset::ProblemKind::SameInTwoClasses,
                                     .path = picture.path,
                                     .className = name,
                                     .reason = picture.path.filename().string() + " is the same picture as "
                                         + twin->second->path.filename().string() + " in "
                                         + nameOf(data, *twin->second)
                                         + ". Both were left out: keep it in the class where it belongs.",
                                     .skipped = true,
                                     .others = {twin->second->path}});
            continue;
        }
        const auto [group, isNew] = groups.try_emplace(picture.group, nextGroup);
        nextGroup += isNew ? 1 : 0;
        picture.group = twin != known.end() ? twin->second->group : group->second;
        picture.label = labelNamed(data, name);
        kept.push_back(std::move(picture));
    }
    std::erase_if(data.pictures, [&](const dataset::Picture& p) { return contradicted.contains(p.sha256); });
    data.pictures.insert(data.pictures.end(), kept.begin(), kept.end());
    for (const dataset::Problem& problem : before.problems) {
        if (!isInside(problem.path, data.root))
            data.problems.push_back(problem);
    }
    data.root = before.root;
}

/// Classes and pictures in the order that Dataset promises.
void sort(dataset::Dataset& data)
{
    std::vector<std::string> sorted = data.classes;
    std::ranges::sort(sorted);
    for (dataset::Picture& picture : data.pictures) {
        const std::string& name = data.classes[static_cast<std::size_t>(picture.label)];
        picture.label = static_cast<int>(std::ranges::lower_bound(sorted, name) - sorted.begin());
    }
    data.classes = std::move(sorted);
    std::ranges::sort(data.pictures, [](const dataset::Picture& a, const dataset::Picture& b) {
        return std::tie(a.label, a.path) < std::tie(b.label, b.path);
    });
}

} // namespace

ImportReport importFolder(store::Project& project, const fs::path& folder, const ImportOptions& options,
                          const ProgressSink& progress, std::stop_token stop)
{
    if (options.split)
        dataset::requireUsable(*options.split);
    const dataset::ScanOptions scanOptions {
        .labels = options.labels, .labelFile = options.labelFile, .threads = usableProcessors()};
    dataset::ScanResult scanned = dataset::scan(folder, scanOptions, inspectFile, progress, stop);
    dataset::Dataset& data = scanned.dataset;
    const dataset::Dataset before = project.dataset();
    if (!before.pictures.empty()) {
        keepOthers(data, before);
        sort(data);
    }
    const dataset::SplitOptions shares = options.split.value_or(project.splitOptions());
    if (options.split && *options.split != project.splitOptions())
        dataset::split(data, shares);
    else
        dataset::splitKeeping(data, before, shares);
    project.setDataset(data, shares);
    return {std::move(scanned.dataset), scanned.stopped};
}

std::vector<ClassAdvice> adviseOnClasses(const dataset::Dataset& dataset)
{
    constexpr int enough = 30; // pictures of a class
    constexpr int uneven = 5; // times the smallest
    std::vector<ClassAdvice> advice;
    const auto counts = dataset::countClasses(dataset);
    if (counts.empty())
        return advice;
    const auto [least, most] = std::ranges::minmax_element(counts, {}, &dataset::ClassCount::all);
    for (int label = 0; label < static_cast<int>(counts.size()); ++label) {
        const int pictures = counts[static_cast<std::size_t>(label)].all;
        const std::string& name = dataset.classes[static_cast<std::size_t>(label)];
        if (pictures < enough) {
            advice.push_back({label, "Too few",
                              name + " has only " + std::to_string(pictures)
                                  + (pictures == 1 ? " picture" : " pictures") + ". Add at least "
                                  + std::to_string(enough - pictures)
                                  + " more, or the model will not learn it well.",
                              "Too few. Add at least " + std::to_string(enough - pictures) + " more."});
        } else if (pictures == most->all && most->all > uneven * least->all) {
            advice.push_back({label, "Uneven",
                              name + " has " + std::to_string(pictures) + " pictures, more than "
                                  + std::to_string(uneven) + " times as many as "
                                  + dataset.classes[static_cast<std::size_t>(least - counts.begin())]
                                  + ". The model may answer " + name + " too often.",
                              "Uneven. The model may answer it too often."});
        }
    }
    return advice;
}

Image thumbnail(const fs::path& file, int side)
{
    return imaging::thumbnail(file, side);
}

} // namespace graft::engine
