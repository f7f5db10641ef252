#pragma once
#include "core/base/progress.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

/// One answered picture that is to be sorted.
struct SortItem {
    std::filesystem::path picture; ///< the file; of a picture from memory the file name that its copy gets
    int label = 0; ///< its class, -1: none of these
    std::function<std::string()> content = {}; ///< of a picture from memory: the bytes of a picture file
};

struct SortReport {
    int copied = 0;
    int there = 0; ///< the same file was there already
    bool stopped = false; ///< what was copied stays
};

/// Copies every picture to folder/<class>/, or folder/<none>/ where its label is -1. Nothing is moved,
/// changed or written over: a name that is taken by another picture gets a number, and a picture that is
/// there already is not copied again. Class names come from a file and may hold anything: they become plain
/// folder names, one for each class. Any thread. Throws Error (no right, disk full); what was copied stays, a
/// part of a picture does not.
SortReport sortCopies(const std::filesystem::path& folder, const std::vector<std::string>& classes,
                      const std::string& none, const std::vector<SortItem>& items,
                      const ProgressSink& progress, const std::stop_token& stop);

/// A folder name for each class, and one more, the last, for pictures that are none of them.
std::vector<std::string> folderNames(const std::vector<std::string>& classes, const std::string& none);

} // namespace graft::engine
