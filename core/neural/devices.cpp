#include "core/neural/devices.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

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

constexpr const char* driverFolder = "/proc/driver/nvidia/gpus";

/// What NVIDIA's driver calls each card, in its order.
std::vector<std::string> cardNames()
{
    std::vector<std::filesystem::path> folders;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(driverFolder, failed))
        folders.push_back(entry.path());
    std::ranges::sort(folders);
    std::vector<std::string> names;
    for (const auto& folder : folders) {
        std::ifstream information(folder / "information");
        std::string line;
        const std::string_view key = "Model:";
        while (std::getline(information, line)) {
            if (line.starts_with(key))
                names.push_back(line.substr(line.find_first_not_of(" \t", key.size())));
        }
    }
    return names;
}

int cudaDevices()
{
    try {
        return at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
    } catch (const std::exception&) {
        return 0; // a driver that does not fit is as good as none
    }
}

std::string whyNoCuda()
{
    if (cardNames().empty())
        return "No NVIDIA graphics card was found.";
    if (!at::hasCUDA())
        return "There is an NVIDIA graphics card, but this installation of LibTorch computes on the CPU "
               "only.";
    return "There is an NVIDIA graphics card, but its driver does not answer.";
}

Device cpu(std::string why)
{
    const int threads = at::get_num_threads();
    return {"cpu", "CPU, " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
            std::move(why)};
}

Device cuda(int index)
{
    const auto names = cardNames();
    const auto position = static_cast<std::size_t>(index);
    const std::string number = std::to_string(index);
    return {
        "cuda:" + number, position < names.size() ? names[position] : "NVIDIA graphics card " + number, {}};
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
    if (wanted == "auto")
        return cudaDevices() > 0 ? cuda(0) : cpu(whyNoCuda());
    const int index = cudaIndex(wanted);
    if (index < 0)
        throw Error(wanted, "there is no such device", "Choose auto, cpu, cuda or cuda:N.");
    const int found = cudaDevices();
    if (index < found)
        return cuda(index);
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
    Backend backend {.torchVersion = TORCH_VERSION, .blas = blasName()};
    backend.gigaflops = measureGigaflops();
    backend.fastBlas = backend.gigaflops >= useful;
    backend.cuda = cudaDevices() > 0;
    backend.threads = at::get_num_threads();
    return backend;
}

} // namespace graft::neural
