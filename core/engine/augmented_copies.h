#pragma once
#include "core/base/progress.h"
#include "core/engine/classifier.h"
#include "core/engine/training_view.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

struct CopyWishes {
    std::filesystem::path folder; ///< where the copies go; made when missing
    int copies = 1; ///< of each picture
    bool jpeg = false; ///< instead of PNG: smaller, no longer the exact bytes
    std::filesystem::path sheet {}; ///< a contact sheet as PNG; empty: none
};

/// One file that was written.
struct WrittenCopy {
    std::filesystem::path file;
    std::filesystem::path source;
    int copy = 0; ///< the number of its draw, from 1
    std::vector<std::string> draws; ///< what was done to it: "Rotate 12°"
};

struct CopyReport {
    std::vector<WrittenCopy> written; ///< in the order of the pictures, then of the draws
    int there = 0; ///< of these: were there already, with the same content
    int onSheet = 0; ///< pictures on the contact sheet, which has room for the first `mostOnSheet`
    std::vector<PictureProblem> problems; ///< pictures that could not be read
    bool stopped = false; ///< what was written stays
};

constexpr int mostOnSheet = 40;

/// Writes augmented copies of pictures, at the size and with the bytes that training sees. A picture that was
/// named gives folder/NAME.EXT-draw-1.png; of a folder that was named, its sub-folders are kept; where
/// several are named, each gets a folder of its own. Nothing is written over: a file that is there with other
/// content is an Error. The contact sheet has a row for each picture: as it is, then its first copies. Any
/// thread. Throws Error (no right, disk full); what was written stays, a part of a picture does not.
CopyReport writeCopies(const std::vector<std::filesystem::path>& paths, const TrainingView& view,
                       const CopyWishes& wishes, const ProgressSink& progress, std::stop_token stop);

} // namespace graft::engine
