// What is said about a graphics card that is not used, with the driver of fake_driver.cpp in place of
// NVIDIA's.
#include "core/base/error.h"
#include "core/neural/devices.h"
#include "core/neural/training_probe.h"
#include "tests/neural/expect.h"

#include <string_view>

using namespace graft;
using namespace graft::test;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

void says(const std::string& why, std::string_view part)
{
    expect(why.ends_with('.') && contains(why, part), "'" + why + "' has '" + std::string(part) + "'");
}

/// A LibTorch that came from a wheel can compute on cards; Debian's cannot.
bool isWheel(const neural::Backend& backend)
{
    return backend.torchVersion.starts_with("2.");
}

} // namespace

int main(int argc, char** argv)
{
    const std::string situation = argc > 1 ? argv[1] : "";
    neural::useThreads(2);
    const neural::Graphics graphics = neural::inspectGraphics();
    const neural::Backend backend = neural::inspectBackend();
    const neural::Device device = neural::chooseDevice("auto");
    expect(graphics.driver, "the driver is found");
    expect(device.id == "cpu" && device.why == graphics.why,
           "the CPU computes, and the reason is the same everywhere");
    expect(graphics.used.empty(), "no card is used");
    const std::string refusal =
        expectThrow<Error>([] { neural::chooseDevice("cuda"); }, "who asks for a card is told");
    expect(contains(refusal, graphics.why), "  why");
    if (situation == "failing") {
        says(graphics.why, "does not answer (error 999)");
        expect(graphics.cards.empty(), "  it is not asked for cards then");
    } else if (situation == "none") {
        says(graphics.why, "finds no graphics card");
        expect(graphics.driverCuda == "13.0", "the driver serves CUDA 13.0");
    } else {
        expect(graphics.cards.size() == 2 && graphics.cards[1].title == "NVIDIA Drawn 1"
                   && graphics.cards[0].memory == 8'000'000'000,
               "the cards are named");
        expect(neural::shortNumbersOf("cuda:1") == neural::Precision::Float16,
               "this card has no instructions for bfloat16");
        says(graphics.why, "NVIDIA Drawn 0");
        if (!isWheel(backend))
            says(graphics.why, "computes on the processor only");
        else if (situation == "old")
            says(graphics.why, "serves CUDA 12.4, and CUDA 13.0 is needed");
        else // its libraries may be there or not, and a drawn driver answers neither
            says(graphics.why,
                 contains(graphics.why, "could not be opened") ? "packaging/setup.sh --gpu"
                                                               : "does not answer LibTorch");
    }
    return failures == 0 ? 0 : 1;
}
