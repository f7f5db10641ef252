#pragma once
#include "core/store/database.h"
#include "core/store/project.h"

namespace graft::store {

// The table of runs.

std::string runId(std::int64_t number); ///< "run-3"

/// 3 for "run-3" and for "3"; 0 for anything else.
std::int64_t runNumber(std::string_view text);

/// What readRun() reads: "SELECT ... FROM runs ".
extern const std::string_view runColumns;

RunRecord readRun(const Statement& row);

void insertRunRow(Database& database, const RunRecord& run);
void updateRunRow(Database& database, const RunRecord& run);

/// State, problem and whether there is a model: next to no room on the disk is needed for it.
void updateRunState(Database& database, const RunRecord& run);

} // namespace graft::store
