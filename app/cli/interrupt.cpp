#include "app/cli/interrupt.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace graft::cli {

namespace {

constexpr std::array signals {SIGINT, SIGTERM};
constexpr char stopByte = 's';
constexpr char endByte = 'e';

std::array<int, 2> g_pipe {-1, -1}; // a signal handler can reach nothing but a global, as is the next
PauseControl* g_pause = nullptr;

void onSignal(int)
{
    const int code = errno;
    for (const int number : signals)
        std::signal(number, SIG_DFL);
    [[maybe_unused]] const ssize_t written = write(g_pipe[1], &stopByte, 1);
    errno = code;
}

/// Ctrl-Z: the program stands still until the shell lets it go on.
void onSuspend(int)
{
    const int code = errno;
    const auto begin = std::chrono::steady_clock::now();
    raise(SIGSTOP);
    g_pause->addHeld(std::chrono::steady_clock::now() - begin);
    errno = code;
}

/// Where whoever started the program wants SIGTSTP to be passed over, it stays so.
void noticeSuspension(PauseControl* pause)
{
    g_pause = pause;

    struct sigaction before {
    };

    sigaction(SIGTSTP, nullptr, &before);
    if (before.sa_handler == SIG_IGN)
        return;

    struct sigaction action {
    };

    action.sa_handler = onSuspend;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, nullptr);
}

} // namespace

Interrupt::Interrupt()
    : m_pause(std::make_shared<PauseControl>())
{
    noticeSuspension(m_pause.get());
    if (pipe2(g_pipe.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    m_listener = std::jthread([this] {
        char byte = 0;
        ssize_t count = 0;
        do {
            count = read(g_pipe[0], &byte, 1);
            if (count == 1 && byte == stopByte)
                m_source.request_stop();
        } while ((count == 1 && byte == stopByte) || (count < 0 && errno == EINTR));
    });

    struct sigaction action {
    };

    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : signals)
        sigaction(number, &action, nullptr);
}

Interrupt::~Interrupt()
{
    std::signal(SIGTSTP, SIG_DFL);
    for (const int number : signals)
        std::signal(number, SIG_DFL);
    [[maybe_unused]] const ssize_t written = write(g_pipe[1], &endByte, 1);
    m_listener.join();
    for (int& descriptor : g_pipe)
        close(descriptor);
}

} // namespace graft::cli
