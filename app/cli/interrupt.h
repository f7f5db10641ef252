#pragma once
#include "core/base/pause_control.h"

#include <memory>
#include <stop_token>
#include <thread>

namespace graft::cli {

/// Turns the first SIGINT or SIGTERM into a stop request, made on a thread of its own; the second one ends
/// the program at once. Notices how long Ctrl-Z made the program stand still. One object, made in main()
/// before any other thread.
class Interrupt
{
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

    std::shared_ptr<PauseControl> pause() const { return m_pause; }

private:
    std::stop_source m_source;
    std::shared_ptr<PauseControl> m_pause;
    std::jthread m_listener;
};

} // namespace graft::cli
