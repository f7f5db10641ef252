#pragma once
#include "core/engine/classifier.h"

#include <stop_token>

namespace graft::cli {

struct SortReport {
    int copied = 0;
    int there = 0; ///< the same file was there already
    bool stopped = false;
};

/// Copies every answered picture to folder/<class>/, or folder/none of these/ where it was rejected. Nothing
/// is moved, changed or written over: a name that is taken by another picture gets a number, and a picture
/// that is there already is not copied again. Class names come from a file and may hold anything: they become
/// plain folder names, one for each class. Throws Error; what was copied stays.
SortReport sortInto(const std::filesystem::path& folder, const std::vector<std::string>& classes,
                    const std::vector<engine::Prediction>& predictions, const ProgressSink& progress,
                    std::stop_token stop);

/// A folder name for each class, and one more, the last, for pictures that are none of them.
std::vector<std::string> folderNames(const std::vector<std::string>& classes);

} // namespace graft::cli
