#pragma once
#include "core/base/train_event.h"
#include "core/store/project.h"

#include <fstream>

namespace graft::engine {

/// Passes events on and writes them to the run's events.jsonl on the way (batches are too many to keep).
/// Notices what the record needs of them. A full disk ends the file, not the training.
class RunRecorder
{
public:
    RunRecorder(const std::filesystem::path& runFolder, TrainSink sink);

    void operator()(const TrainEvent& event);

private:
    std::ofstream m_file;
    TrainSink m_sink;
};

} // namespace graft::engine
