#pragma once
#include "core/base/image.h"
#include "core/base/progress.h"
#include "core/dataset/scan.h"
#include "core/store/project.h"

#include <optional>

namespace graft::engine {

struct ImportOptions {
    dataset::LabelSource labels = dataset::LabelSource::Auto;
    std::filesystem::path labelFile;
    std::optional<dataset::SplitOptions> split; ///< none: the project's own, so pictures keep their sides
};

struct ImportReport {
    dataset::Dataset dataset; ///< as it is now in the project
    bool stopped = false;
};

/// Reads `folder` into the project. Where that folder was imported before it is read again, and pictures that
/// are known keep their side; another folder's pictures are added to those that are there. Throws Error; the
/// project then is as before.
ImportReport importFolder(store::Project& project, const std::filesystem::path& folder,
                          const ImportOptions& options, const ProgressSink& progress, std::stop_token stop);

/// "Too few", "Left out", "Uneven": what to tell about a class before training.
struct ClassAdvice {
    int label = 0;
    std::string chip; ///< two words
    std::string sentence; ///< "Crocus has only 9 pictures. Add at least 21 more, or the model will not learn
                          ///< it well."
    std::string brief {}; ///< the same beside the class's name: "Too few. Add at least 21 more."
};

std::vector<ClassAdvice> adviseOnClasses(const dataset::Dataset& dataset);

/// For showing only: longer side at most `side` pixels. Thread-safe. Throws PictureError.
Image thumbnail(const std::filesystem::path& file, int side);

} // namespace graft::engine
