#include "core/engine/run_recorder.h"

#include "core/learn/json.h"

namespace graft::engine {

RunRecorder::RunRecorder(const std::filesystem::path& runFolder, TrainSink sink)
    : m_file(runFolder / "events.jsonl", std::ios::app)
    , m_sink(std::move(sink))
{
}

void RunRecorder::operator()(const TrainEvent& event)
{
    if (!std::holds_alternative<BatchDone>(event) && !std::holds_alternative<TrainPreparing>(event))
        m_file << learn::toJson(event) << '\n' << std::flush;
    if (m_sink)
        m_sink(event);
}

} // namespace graft::engine
