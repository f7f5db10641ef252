#pragma once
#include "core/engine/import.h"
#include "core/store/project.h"

#include <QList>

#include <filesystem>
#include <memory>

namespace graft::ui {

/// An open project and what the window shows of it.
struct LoadedProject {
    std::shared_ptr<store::Project> project;
    std::shared_ptr<const dataset::Dataset> dataset;
    QList<store::RunRecord> runs;
    std::string recipe = learn::Plan().recipe; ///< as of learn::Plan
    int copies = 0; ///< as of learn::Plan
    bool stopped = false; ///< the import that made it was
};

/// Opens for writing and reads everything. Throws Error. For a worker thread, as is all in this file.
LoadedProject loadProject(const std::filesystem::path& folder);

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
LoadedProject importInto(const ProjectPlace& place, const std::filesystem::path& pictures,
                         const engine::ImportOptions& options, const ProgressSink& progress,
                         std::stop_token stop);

} // namespace graft::ui
