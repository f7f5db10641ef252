#include "ui/jobs/project_jobs.h"

#include "core/base/error.h"
#include "core/engine/machine.h"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace graft::ui {

namespace fs = std::filesystem;

namespace {

LoadedProject read(std::shared_ptr<store::Project> project)
{
    LoadedProject loaded;
    loaded.dataset = std::make_shared<dataset::Dataset>(project->dataset());
    loaded.recipe = project->recipe();
    loaded.copies = project->copies();
    loaded.runs = readRuns(*project);
    loaded.project = std::move(project);
    return loaded;
}

bool holdsPictures(const fs::path& project, const fs::path& pictures)
{
    try {
        std::error_code problem;
        return store::isProject(project)
            && fs::equivalent(store::Project::open(project, store::Access::Read).dataset().root, pictures,
                              problem);
    } catch (const Error&) {
        return false; // damaged or newer: leave it alone and take the next name
    }
}

bool isSample(const fs::path& pictures)
{
    const auto samples = engine::samples();
    return std::ranges::any_of(
        samples, [&pictures](const engine::Sample& sample) { return sample.folder == pictures; });
}

} // namespace

std::shared_ptr<store::Project> OpenProjects::open(const fs::path& folder)
{
    for (const Entry& entry : m_entries) {
        std::error_code problem;
        if (!fs::equivalent(folder, entry.folder, problem))
            continue;
        if (auto project = entry.project.lock())
            return project;
        entry.closed.wait(); // the last one that had it is closing it at this moment
    }
    return keep(store::Project::open(folder, store::Access::Write));
}

std::shared_ptr<store::Project> OpenProjects::create(const fs::path& folder)
{
    return keep(store::Project::create(folder));
}

std::shared_ptr<store::Project> OpenProjects::keep(store::Project project)
{
    std::erase_if(m_entries, [](const Entry& entry) { return entry.project.expired(); });
    auto closed = std::make_shared<std::promise<void>>();
    const fs::path folder = project.folder();
    const std::shared_ptr<store::Project> kept(new store::Project(std::move(project)),
                                               [closed](store::Project* own) {
                                                   delete own;
                                                   closed->set_value();
                                               });
    m_entries.push_back({folder, kept, closed->get_future().share()});
    return kept;
}

ProjectRuns readRuns(const store::Project& project)
{
    const auto records = project.runs();
    const auto model = project.latestModel();
    return {QList<store::RunRecord>(records.begin(), records.end()), model ? model->id : std::string(),
            engine::adviceVerdicts(project)};
}

LoadedProject loadProject(const fs::path& folder, OpenProjects& open)
{
    return read(open.open(folder));
}

ProjectPlace placeFor(const fs::path& pictures, const fs::path& elsewhere)
{
    const fs::path source = fs::absolute(pictures).lexically_normal();
    // "folder/" has no last name of its own.
    const fs::path named = source.has_filename() ? source : source.parent_path();
    const std::string name = named.has_filename() ? named.filename().string() : std::string("Pictures");
    const fs::path parent = named.parent_path();
    const bool beside = named.has_filename() && access(parent.c_str(), W_OK) == 0 && !isSample(named);
    const fs::path folder = beside ? parent : elsewhere;
    for (int number = 1;; ++number) {
        const fs::path place = folder / (name + (number > 1 ? " " + std::to_string(number) : "") + ".graft");
        std::error_code problem;
        if (!fs::exists(fs::symlink_status(place, problem)))
            return {place, false};
        if (holdsPictures(place, named))
            return {place, true};
    }
}

LoadedProject importInto(const ProjectPlace& place, OpenProjects& open, const fs::path& pictures,
                         const engine::ImportOptions& options, const ProgressSink& progress,
                         std::stop_token stop)
{
    if (!place.exists)
        fs::create_directories(place.folder.parent_path());
    std::shared_ptr<store::Project> project =
        place.exists ? open.open(place.folder) : open.create(place.folder);
    try {
        const auto report = engine::importFolder(*project, pictures, options, progress, std::move(stop));
        LoadedProject loaded = read(std::move(project));
        loaded.stopped = report.stopped;
        return loaded;
    } catch (...) {
        if (!place.exists) {
            project.reset();
            std::error_code ignored;
            fs::remove_all(place.folder, ignored);
        }
        throw;
    }
}

} // namespace graft::ui
