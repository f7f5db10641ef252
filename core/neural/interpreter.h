#pragma once
#include "core/base/error.h"
#include "core/network/weights/tensor_map.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// No tensor library here: whoever includes this compiles in a second.
namespace graft::neural {

/// Raw pictures, NHWC uint8 RGB, one after the other. A view: the pixels must outlive the call.
struct Batch {
    std::span<const std::uint8_t> pixels;
    int count = 0;
};

enum class Precision { Float32, BFloat16, Float16 };

std::string_view idOf(Precision precision); ///< "float32", "bfloat16", "float16"

/// Throws Error, naming the ids that exist.
Precision precisionNamed(std::string_view id);

/// The device has no memory left for this batch. Nothing is lost: a smaller batch may be tried at once.
class OutOfMemory : public Error
{
public:
    using Error::Error;
};

/// A graphics card, its driver or a library of its failed. Whatever lay there is lost; the same may be tried
/// on the CPU.
class DeviceFailed : public Error
{
public:
    using Error::Error;
};

struct Options {
    bool channelsLast = true;
    Precision precision = Precision::Float32; ///< of convolutions and linear layers
    std::string device = "cpu"; ///< Device::id
};

/// Runs a graph. Not thread-safe: one thread at a time. A failure inside a layer is thrown as
/// Error that names the layer. Memory for a layer's result is given back as soon as its last reader has run.
/// Where a graphics card fails, it goes on with the CPU, in float32, and says so in fellBack().
class Interpreter
{
public:
    /// Copies the weights; throws Error where they do not match the graph.
    Interpreter(network::Graph graph, const network::TensorMap& weights, const Options& options);
    ~Interpreter();
    Interpreter(Interpreter&&) noexcept;
    Interpreter& operator=(Interpreter&&) noexcept;

    /// Evaluation. The result of the named stage, or of the whole network where none is named: count rows of
    /// stage.shape.count() numbers (channels, rows, columns).
    std::vector<float> run(const Batch& batch, std::string_view stage = {});

    /// The result of the named stage averaged over height and width (as it is where it has none): count rows
    /// of stage.shape.channels numbers. This is what "features" means everywhere.
    std::vector<float> pooled(const Batch& batch, std::string_view stage);

    /// The same of several stages from one pass, in their order.
    std::vector<std::vector<float>> pooled(const Batch& batch, std::span<const std::string> stages);

    /// Begins such a pass, and does not wait for it where a graphics card computes: meanwhile the next
    /// pictures can be read. The pixels need not outlive the call. Where it throws, nothing was begun.
    void begin(const Batch& batch, std::span<const std::string> stages);

    /// What pooled() gives, of each pass that was begun since the last call, in their order.
    std::vector<std::vector<std::vector<float>>> finish();

    const std::string& device() const; ///< that computes now

    /// What the graphics card said when it failed; empty where it did not.
    const std::string& fellBack() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace graft::neural
