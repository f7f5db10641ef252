#pragma once
#include "core/engine/advise.h"
#include "core/engine/import.h"
#include "core/store/project.h"

#include <QList>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace graft::ui {

/// The runs of a project.
struct ProjectRuns {
    QList<store::RunRecord> records; ///< oldest first
    std::string model; ///< id of the one that answers unless a person chooses; empty: none has a model
    std::vector<engine::AdviceVerdict> verdicts; ///< on what was predicted of them
};

/// An open project and what the window shows of it.
struct LoadedProject {
    std::shared_ptr<store::Project> project;
    std::shared_ptr<const dataset::Dataset> dataset;
    ProjectRuns runs;
    std::string recipe = learn::Plan().recipe; ///< as of learn::Plan
    int copies = 0; ///< as of learn::Plan
    bool stopped = false; ///< the import that made it was
};

/// The projects that this program has open for writing. A measurement that was told to stop keeps its project
/// open for a moment after it was closed; who asks for it then shares it, instead of finding it locked. One
/// thread at a time.
class OpenProjects
{
public:
    /// Throws Error where another program has it, or where it cannot be read.
    std::shared_ptr<store::Project> open(const std::filesystem::path& folder);
    std::shared_ptr<store::Project> create(const std::filesystem::path& folder);

private:
    struct Entry {
        std::filesystem::path folder;
        std::weak_ptr<store::Project> project;
        std::shared_future<void> closed; ///< its files are, too
    };

    std::shared_ptr<store::Project> keep(store::Project project);

    std::vector<Entry> m_entries;
};

/// Throws Error. For a worker thread, as is all in this file.
ProjectRuns readRuns(const store::Project& project);

/// Opens for writing and reads everything. Throws Error.
LoadedProject loadProject(const std::filesystem::path& folder, OpenProjects& open);

/// Where a project for these pictures belongs.
struct ProjectPlace {
    std::filesystem::path folder;
    bool exists = false; ///< it is a project of the same pictures
};

/// "Name.graft" beside the pictures where that folder can be written, else in `elsewhere`; "Name 2.graft" and
/// so on where a name is taken by something else.
ProjectPlace placeFor(const std::filesystem::path& pictures, const std::filesystem::path& elsewhere);

/// Reads the pictures into the project at `place`. A project that this call made is removed again when it
/// fails.
LoadedProject importInto(const ProjectPlace& place, OpenProjects& open, const std::filesystem::path& pictures,
                         const engine::ImportOptions& options, const ProgressSink& progress,
                         std::stop_token stop);

} // namespace graft::ui
