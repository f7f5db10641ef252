#pragma once
#include "core/base/progress.h"
#include "ui/models/answer_model.h"

#include <stop_token>

namespace graft::ui {

struct SortReport {
    int copied = 0;
    bool stopped = false; ///< what was copied stays
};

/// Copies each answered picture into `folder`/<class>, rejected ones into `folder`/None of these. Originals
/// are only read, and nothing that is there already is written over: a name that is taken gets a number. Any
/// thread. Throws Error (no right, disk full); what was copied stays, a part of a picture does not.
SortReport sortCopies(const std::filesystem::path& folder, const QStringList& classes,
                      const std::vector<Answer>& answers, double threshold, const ProgressSink& progress,
                      const std::stop_token& stop);

/// A class as one plain folder name: no separators, nothing hidden.
std::string folderName(const QString& className);

} // namespace graft::ui
