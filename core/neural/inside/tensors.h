#pragma once
#include "core/neural/inside/cuda_libraries.h"
#include "core/neural/interpreter.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>

#include <algorithm>
#include <new>
#include <string>
#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// A view of numbers that nobody writes to: from_blob has no const form.
template <class Number>
at::Tensor view(const Number* numbers, at::IntArrayRef shape, at::ScalarType type)
{
    return at::from_blob(const_cast<Number*>(numbers), shape, type);
}

[[noreturn]] inline void outOfMemory(const std::string& subject)
{
    throw OutOfMemory(subject, "there is not enough memory left for this many pictures at once",
                      "Close other programs or use a smaller batch.");
}

/// Runs `work` and says what failed in it, whatever the tensor library throws.
template <class Work>
auto named(const std::string& subject, Work work)
{
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const c10::OutOfMemoryError&) {
        outOfMemory(subject);
    } catch (const std::bad_alloc&) {
        outOfMemory(subject);
    } catch (const std::exception& error) {
        const auto* ours = dynamic_cast<const c10::Error*>(&error);
        std::string text = ours != nullptr ? ours->what_without_backtrace() : error.what();
        // The CPU's allocator and oneDNN have no exception type of their own for this.
        for (const char* sign : {"allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED"}) {
            if (text.find(sign) != std::string::npos)
                outOfMemory(subject);
        }
        text.resize(std::min(text.find('\n'), text.size()));
        for (const char* sign :
             {"CUDA", "cuda", "cuDNN", "CUDNN", "CUBLAS", "NVRTC"}) { // the CPU has none of these
            if (text.find(sign) != std::string::npos)
                throw DeviceFailed(subject, "the graphics card failed: " + text,
                                   "Choose the device 'cpu', or restart the computer.");
        }
        throw Error(subject, "the layer cannot be computed: " + text,
                    "Try a smaller batch, or the device 'cpu'.");
    }
}

inline const std::string cpuId = "cpu";

inline at::Device deviceOf(const std::string& id)
{
    try {
        const at::Device device(id);
        if (device.is_cuda()) {
            cudaLibraries(); // before the first tensor
            at::globalContext().setBenchmarkCuDNN(true); // batches keep their shape
            at::globalContext().setAllowTF32CuDNN(false); // or float32 would not answer as the CPU does
        }
        return device;
    } catch (const c10::Error&) {
        throw Error(id, "there is no such device", "Choose cpu, cuda or cuda:N.");
    }
}

/// Throws Error where the device does not compute in that precision.
inline void requireUsable(Precision precision, const at::Device& device)
{
    if (precision == Precision::Float16 && !device.is_cuda())
        throw Error("precision", "half precision needs a graphics card", "Choose bfloat16 or float32.");
}

/// A copy of the numbers, row-major, float32.
inline std::vector<float> numbers(const at::Tensor& tensor)
{
    const at::Tensor here = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto* begin = here.data_ptr<float>();
    return {begin, begin + here.numel()};
}

} // namespace graft::neural
