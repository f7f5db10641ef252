#include "core/engine/machine.h"
#include "core/engine/trunk.h"
#include "core/engine/weights.h"
#include "core/learn/plan.h"
#include "core/neural/devices.h"

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace graft::engine {

namespace {

std::string gigabytes(std::int64_t bytes)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
    return text;
}

Finding matrixProducts(const neural::Backend& backend)
{
    Finding finding {"blas", backend.fastBlas, "Matrix products", {}};
    char speed[32];
    std::snprintf(speed, sizeof speed, "%.0f", backend.gigaflops);
    finding.sentence = "LibTorch " + backend.torchVersion + " with " + backend.blas + " computes " + speed
        + " billion operations a second on " + std::to_string(backend.threads)
        + (backend.threads == 1 ? " thread." : " threads.");
    if (!backend.fastBlas)
        finding.sentence += " That is slow: install the package libopenblas0-pthread.";
    return finding;
}

/// Which LibTorch computes, and with what beside the processor.
Finding libtorch(const neural::Backend& backend, const neural::Graphics& graphics)
{
    Finding finding {"libtorch", true, "LibTorch",
                     "Version " + backend.torchVersion + " from " + backend.folder + ", "};
    if (graphics.cuda.empty())
        finding.sentence += "computes on the processor.";
    else
        finding.sentence += "with CUDA " + graphics.cuda
            + (graphics.cudnn.empty() ? ", without cuDNN." : " and cuDNN " + graphics.cudnn + ".");
    return finding;
}

std::string described(const neural::Graphics& graphics)
{
    std::string text;
    for (const neural::GraphicsCard& card : graphics.cards)
        text += (text.empty() ? "" : ", ") + card.title + " (" + gigabytes(card.memory) + ")";
    return text;
}

/// A card that is there and not used deserves a look; to have none is no fault.
Finding graphicsCard(const neural::Graphics& graphics)
{
    Finding finding {"gpu", !graphics.used.empty() || graphics.cards.empty(), "Graphics card", {}};
    if (graphics.used.empty()) {
        finding.sentence = graphics.why;
        if (graphics.cards.empty())
            finding.sentence += " The processor does the work.";
        return finding;
    }
    finding.sentence = described(graphics) + "; " + graphics.used + " is used.";
    return finding;
}

/// Nothing where there is none.
std::optional<Finding> graphicsDriver(const neural::Graphics& graphics)
{
    if (!graphics.driver)
        return {};
    Finding finding {"driver", true, "NVIDIA driver",
                     graphics.driverVersion.empty() ? std::string("It is installed")
                                                    : "Version " + graphics.driverVersion};
    if (!graphics.driverCuda.empty())
        finding.sentence += ", serves CUDA up to " + graphics.driverCuda;
    finding.sentence +=
        graphics.cards.empty() ? ", and finds no card." : ", and finds " + described(graphics) + ".";
    return finding;
}

Finding weights(const WeightsStatus& status)
{
    Finding finding {"weights",
                     status.state == WeightsState::Ready || status.state == WeightsState::Unofficial,
                     "Weights of " + status.title,
                     {}};
    switch (status.state) {
    case WeightsState::Ready:
        finding.sentence = "Here and checked: " + status.file.string();
        break;
    case WeightsState::Unofficial:
        finding.sentence = "Here, imported by hand, not the official file: " + status.file.string();
        break;
    case WeightsState::Missing:
        finding.sentence = "Not here. Get them with: graft-cli weights fetch " + status.id;
        break;
    case WeightsState::Damaged:
        finding.sentence =
            status.file.string() + " is damaged. Get it again with: graft-cli weights fetch " + status.id;
        break;
    }
    return finding;
}

/// One finding for the default weights and for each that is here. The rest is wanted only when a person
/// chooses it.
std::vector<Finding> weights()
{
    const std::string wanted = learn::Plan().backbone;
    std::vector<Finding> findings;
    std::string others;
    for (const WeightsStatus& status : listWeights(true)) {
        if (status.id == wanted || status.state != WeightsState::Missing)
            findings.push_back(weights(status));
        else
            others += (others.empty() ? "" : ", ") + status.id;
    }
    if (!others.empty())
        findings.push_back({"weights", true, "Other weights",
                            "Not here, and not needed until you choose them: " + others
                                + ". Get one with: graft-cli weights fetch ID"});
    return findings;
}

Finding memory()
{
    constexpr std::int64_t wanted =
        2'000'000'000; // bytes: LibTorch, a batch and the weights, with room to spare
    const Machine now = machine();
    Finding finding {"memory", now.memoryFree >= wanted, "Memory",
                     gigabytes(now.memoryFree) + " of " + gigabytes(now.memoryTotal) + " are free, and "
                         + std::to_string(now.processors)
                         + (now.processors == 1 ? " processor." : " processors.")};
    if (!finding.ok)
        finding.sentence += " That is little: close other programs before training.";
    return finding;
}

Finding disk()
{
    constexpr std::int64_t wanted = 1'000'000'000; // bytes: features and models of a middling project
    std::error_code failure;
    const char* home = std::getenv("HOME");
    const auto space = std::filesystem::space(home ? home : "/", failure);
    const auto free = failure ? 0 : static_cast<std::int64_t>(space.available);
    Finding finding {"disk", free >= wanted, "Disk", gigabytes(free) + " are free in your home folder."};
    if (!finding.ok)
        finding.sentence += " That is little: make room before training.";
    return finding;
}

Finding display()
{
    const bool found = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
    return {"display", true, "Display",
            found ? "There is one, so the window can open."
                  : "There is none here: graft-cli works, the window does not."};
}

Finding samplePictures()
{
    const auto list = samples();
    return {"samples", true, "Sample pictures",
            list.empty() ? "None. They come with the package tuxpaint-stamps-default."
                         : list.front().sentence + ": " + list.front().folder.string()};
}

} // namespace

std::vector<Finding> doctor()
{
    wakeTensorLibrary();
    const neural::Graphics graphics = neural::inspectGraphics();
    const neural::Backend backend = neural::inspectBackend();
    std::vector<Finding> findings {matrixProducts(backend), libtorch(backend, graphics)};
    if (auto driver = graphicsDriver(graphics))
        findings.push_back(std::move(*driver));
    findings.push_back(graphicsCard(graphics));
    for (Finding& finding : weights())
        findings.push_back(std::move(finding));
    findings.insert(findings.end(), {memory(), disk(), display(), samplePictures()});
    return findings;
}

} // namespace graft::engine
