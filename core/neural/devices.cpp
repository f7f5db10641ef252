#include "core/neural/devices.h"

#include "core/base/error.h"
#include "core/neural/inside/cuda_device.h"
#include "core/neural/inside/cuda_libraries.h"
#include "core/neural/inside/nvidia_driver.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

namespace graft::neural {

namespace {

/// A function of the very BLAS that the tensor library calls; several may be loaded, and only one of them
/// answers to sgemm_. Null where that one has no such function.
template <class Function>
Function* blasFunction(const char* name)
{
    void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info where {};
    if (product == nullptr || dladdr(product, &where) == 0)
        return nullptr;
    void* const library = dlopen(where.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr)
        return nullptr;
    void* const function = dlsym(library, name);
    dlclose(library); // RTLD_NOLOAD only counted one more user: it stays loaded
    return reinterpret_cast<Function*>(function);
}

Device cpu(std::string why)
{
    const int threads = at::get_num_threads();
    return {"cpu", "CPU, " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
            std::move(why)};
}

Device cuda(int index)
{
    return {"cuda:" + std::to_string(index), cudaTitle(index), {}};
}

/// The first card that computes; empty where none does.
std::optional<Device> usableCard()
{
    for (int index = 0; index < cudaDevices(); ++index) {
        if (cudaTrouble(index).empty())
            return cuda(index);
    }
    return {};
}

/// "9.19" of 91900, "8.9" of 8904: cuDNN counted in thousands before its version 9.
std::string cudnnVersion(long number)
{
    const long major = number >= 90000 ? number / 10000 : number / 1000;
    return std::to_string(major) + "." + std::to_string(number % (number >= 90000 ? 10000 : 1000) / 100);
}

/// Where the LibTorch that runs was loaded from.
std::string folderOfLibtorch()
{
    Dl_info where {};
    if (dladdr(reinterpret_cast<void*>(&at::get_num_threads), &where) == 0 || where.dli_fname == nullptr)
        return {};
    return std::filesystem::path(where.dli_fname).parent_path().lexically_normal().string();
}

/// N of "cuda" (0) and "cuda:N"; -1 where it is something else.
int cudaIndex(const std::string& wanted)
{
    const std::string prefix = "cuda:";
    if (wanted == "cuda")
        return 0;
    const bool number = wanted.starts_with(prefix) && wanted.size() > prefix.size()
        && wanted.size() <= prefix.size() + 3
        && std::all_of(wanted.begin() + static_cast<std::ptrdiff_t>(prefix.size()), wanted.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
    return number ? std::stoi(wanted.substr(prefix.size())) : -1;
}

/// The first words of OpenBLAS's own description, or what the tensor library was configured with.
std::string blasName()
{
    if (auto* describe = blasFunction<char*()>("openblas_get_config")) {
        std::istringstream words(describe());
        std::string name;
        std::string version;
        words >> name >> version;
        return name + " " + version;
    }
    const std::string all = at::show_config();
    const std::string key = "BLAS_INFO=";
    const auto found = all.find(key);
    if (found == std::string::npos)
        return "unknown";
    const auto begin = found + key.size();
    return all.substr(begin, all.find_first_of(",\n", begin) - begin);
}

double measureGigaflops()
{
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t side = 1024;
    constexpr double operations = 2.0 * side * side * side;
    constexpr std::chrono::milliseconds enough(150);
    const c10::InferenceMode evaluation;
    const at::Tensor a = at::ones({side, side});
    const at::Tensor b = at::ones({side, side});
    at::mm(a.narrow(0, 0, side / 8), b); // wakes the threads and pages the memory in
    double best = 0.0;
    const auto start = Clock::now();
    do {
        const auto begin = Clock::now();
        at::mm(a, b);
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        best = std::max(best, operations / seconds * 1e-9);
    } while (Clock::now() - start < enough);
    return best;
}

/// libgomp's threads wait by spinning: quickest on an idle machine, and several times slower as soon as
/// something else wants a processor (our own decoding, a video in another window). Its manual says under
/// GOMP_SPINCOUNT when they go to sleep almost at once: when the program has more OpenMP threads than
/// processors. So a team that large is made here and put to sleep for good; no later call has to know.
void sleepWhileWaiting()
{
    static std::once_flag done;
    std::call_once(done, [] {
        std::promise<void> ready;
        std::thread([&ready] {
            const int team = static_cast<int>(std::thread::hardware_concurrency()) + 1;
            at::set_num_threads(team);
            constexpr std::int64_t oneThread = 65536; // numbers: twice what a thread of its own is woken for
            at::empty({team * oneThread}, at::kFloat).fill_(1.0F);
            ready.set_value();
            while (true)
                std::this_thread::sleep_for(std::chrono::hours(1));
        }).detach();
        ready.get_future().wait();
    });
}

} // namespace

void useThreads(int count)
{
    cudaLibraries(); // before the first tensor
    const int threads = std::max(count, 1);
    sleepWhileWaiting();
    at::set_num_threads(threads);
    // OpenBLAS brings threads of its own, which wait by spinning: beside OpenMP's they made one small product
    // a hundred times slower. Convolutions, which take nearly all of the time, do not use it.
    if (auto* setThreads = blasFunction<void(int)>("openblas_set_num_threads"))
        setThreads(1);
}

Device chooseDevice(const std::string& wanted)
{
    at::init_num_threads();
    if (wanted == "cpu")
        return cpu({});
    if (wanted == "auto") {
        const auto card = usableCard();
        return card ? *card : cpu(whyNoCuda());
    }
    const int index = cudaIndex(wanted);
    if (index < 0)
        throw Error(wanted, "there is no such device", "Choose auto, cpu, cuda or cuda:N.");
    const int found = cudaDevices();
    if (index < found && cudaTrouble(index).empty())
        return cuda(index);
    if (index < found)
        throw Error(wanted, "a first computation on this card failed: " + cudaTrouble(index),
                    "Choose auto or cpu.");
    if (found == 0)
        throw Error(wanted, "this device cannot be used", whyNoCuda() + " Choose auto or cpu.");
    throw Error(wanted, "the last graphics card is cuda:" + std::to_string(found - 1),
                "Choose auto or that.");
}

Backend inspectBackend()
{
    constexpr double useful =
        15.0; // plain loops give about 6 on one thread, OpenBLAS on a modest processor more than 30
    at::init_num_threads();
    Backend backend;
    backend.torchVersion = TORCH_VERSION;
    backend.blas = blasName();
    backend.gigaflops = measureGigaflops();
    backend.fastBlas = backend.gigaflops >= useful;
    backend.folder = folderOfLibtorch();
    backend.threads = at::get_num_threads();
    return backend;
}

Graphics inspectGraphics()
{
    const NvidiaDriver& driver = nvidiaDriver();
    Graphics graphics;
    graphics.driver = driver.found;
    graphics.driverVersion = driver.version;
    if (driver.cuda > 0)
        graphics.driverCuda = cudaVersion(driver.cuda);
    for (const DriverCard& card : driver.cards)
        graphics.cards.push_back({card.name, card.memory});
    if (cudaDevices() > 0) {
        const auto& hooks = at::detail::getCUDAHooks();
        graphics.cuda = cudaVersion(static_cast<int>(hooks.versionCUDART()));
        graphics.cudnn = hooks.hasCuDNN() ? cudnnVersion(hooks.versionCuDNN()) : std::string();
    }
    const auto card = usableCard();
    if (card)
        graphics.used = card->title;
    else
        graphics.why = whyNoCuda();
    return graphics;
}

} // namespace graft::neural
