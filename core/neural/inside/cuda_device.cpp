#include "core/neural/inside/cuda_device.h"

#include "core/neural/inside/cuda_libraries.h"
#include "core/neural/inside/nvidia_driver.h"

#include <ATen/ATen.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <map>
#include <mutex>

namespace graft::neural {

namespace {

/// What the library said, without the places in its sources.
std::string firstLine(const std::exception& error)
{
    const auto* ours = dynamic_cast<const c10::Error*>(&error);
    std::string text = ours != nullptr ? ours->what_without_backtrace() : error.what();
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

/// What LibTorch would print about a driver that does not answer; here it becomes part of the reason.
class Overheard : public c10::WarningHandler
{
public:
#if TORCH_VERSION_MAJOR >= 2
    using Quiet = c10::WarningUtils::WarningHandlerGuard;

    void process(const c10::Warning& warning) override
    {
        m_text = warning.msg();
    }
#else
    using Quiet = c10::Warning::WarningHandlerGuard;

    void process(const c10::SourceLocation& /*place*/, const std::string& message,
                 const bool /*verbatim*/) override
    {
        m_text = message;
    }
#endif

    /// "Error 36: ...", without what it is wrapped in.
    std::string error() const
    {
        const auto begin = m_text.find("Error ");
        const std::string text = begin == std::string::npos ? m_text : m_text.substr(begin);
        return text.substr(0, text.find(" (function"));
    }

private:
    std::string m_text;
};

struct Cards {
    int count = 0;
    std::string trouble; ///< why there is none, where LibTorch says
};

const Cards& cards()
{
    static const Cards known = [] {
        cudaLibraries();
        Cards found;
        Overheard overheard;
        const Overheard::Quiet quiet(&overheard);
        try {
            if (at::hasCUDA())
                found.count = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
            found.trouble = overheard.error();
        } catch (const std::exception& error) { // a driver that does not fit is as good as none
            found.trouble = firstLine(error);
        }
        return found;
    }();
    return known;
}

std::string firstComputation(int index)
{
    const c10::InferenceMode evaluation;
    try {
        const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(index));
        const at::Tensor input = at::ones({1, 8, 4, 4}, device).contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor kernel = at::ones({8, 8, 1, 1}, device).contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor matrix = at::conv2d(input, kernel).flatten(1).view({8, 16});
        const auto sum = at::mm(matrix, matrix.t()).sum().item<double>();
        constexpr double right = 8.0 * 8.0 * 16.0 * 64.0; // every number of `matrix` is 8
        return sum == right ? std::string() : "it computed " + std::to_string(sum) + " for 65536";
    } catch (const std::exception& error) {
        return firstLine(error);
    }
}

std::string aboutDriver(const NvidiaDriver& driver)
{
    return driver.version.empty() ? std::string("its driver") : "its driver (" + driver.version + ")";
}

} // namespace

int cudaDevices()
{
    return cards().count;
}

const std::string& cudaTrouble(int index)
{
    static std::mutex mutex;
    static std::map<int, std::string> known;
    const std::lock_guard lock(mutex);
    const auto found = known.find(index);
    return found != known.end() ? found->second : known.emplace(index, firstComputation(index)).first->second;
}

std::string whyNoCuda()
{
    const NvidiaDriver& driver = nvidiaDriver();
    if (!driver.found)
        return nvidiaCardPluggedIn()
            ? "There is an NVIDIA graphics card, but its driver is not installed. Install NVIDIA's driver to "
              "use the card."
            : "No NVIDIA graphics card was found.";
    if (driver.failure != 0)
        return "NVIDIA's driver is installed, but does not answer (error " + std::to_string(driver.failure)
            + "). Restarting the computer may help.";
    if (driver.cards.empty())
        return "NVIDIA's driver is installed, but finds no graphics card.";
    const std::string there = "There is a graphics card, " + driver.cards.front().name + ", but ";
    const CudaLibraries& libraries = cudaLibraries();
    if (!libraries.shipped && !at::hasCUDA())
        return there
            + "this installation of LibTorch computes on the processor only. packaging/run.sh --gpu builds "
              "Graft with the one that uses the card.";
    if (libraries.shipped && driver.cuda < cudaWanted)
        return there + aboutDriver(driver) + " serves CUDA " + cudaVersion(driver.cuda) + ", and CUDA "
            + cudaVersion(cudaWanted) + " is needed. Install a newer driver.";
    if (!libraries.problem.empty())
        return there + "a library that it needs could not be opened (" + libraries.problem
            + "). packaging/setup.sh --gpu fetches them.";
    if (cudaDevices() == 0)
        return there + aboutDriver(driver) + " does not answer LibTorch"
            + (cards().trouble.empty() ? "" : " (" + cards().trouble + ")")
            + ". Restarting the computer may help.";
    return there + "a first computation on it failed (" + cudaTrouble(0)
        + "). It may be too old, or another program may be using it.";
}

std::string cudaTitle(int index)
{
    const auto& cards = nvidiaDriver().cards;
    const auto position = static_cast<std::size_t>(index);
    return position < cards.size() && !cards[position].name.empty()
        ? cards[position].name
        : "NVIDIA graphics card " + std::to_string(index);
}

} // namespace graft::neural
