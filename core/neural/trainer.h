#pragma once
#include "core/neural/interpreter.h"
#include "core/neural/loss.h"
#include "core/neural/optimizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

// No tensor library here: whoever includes this compiles in a second.
namespace graft::neural {

/// A learning rate for part of the network: the layers after the stage before it, up to and with this stage.
struct StageRate {
    std::string stage;
    double factor = 1.0; ///< times the rate of the step
};

struct TrainerOptions {
    std::string device = "cpu"; ///< Device::id
    /// Of convolutions and linear layers. Weights, their gradients and batch norm are float32 in any case.
    /// Float16 scales the loss as PyTorch's GradScaler does, and needs CUDA.
    Precision precision = Precision::Float32;
    bool channelsLast = true;
    /// A stage: what leads to it is frozen, runs in evaluation with folded batch norm and is not
    /// differentiated. Empty: everything learns.
    std::string trainFrom;
    /// Whether batch norm normalises by the mean and variance of the batch and updates the measured ones
    /// (momentum 0.1). False: by the measured ones, which stay as they are. Small batches want false.
    bool batchStatistics = false;
    /// Keeps only what passes between stages and computes the rest again in the backward pass: less memory,
    /// about a third more time, the same numbers.
    bool checkpointing = false;
    bool dropout = true;
    double lossScale = 0.0; ///< first factor of the loss; 0: 65536 in Float16, and none otherwise
    double auxiliaryWeight = 0.4; ///< of the auxiliary head's loss, where the graph has that head; 0: not run
    LossOptions loss;
    OptimizerOptions optimizer;
    std::vector<StageRate> stageRates; ///< in the order of the stages; layers behind the last one: factor 1
    double clipNorm = 0.0; ///< longest gradient over all weights together; 0: no limit
};

/// Where some pictures stand among those that make one update.
struct Part {
    /// Of the update's loss: weightOf(labels of the part) / weightOf(labels of all). 1: the part is all.
    double share = 1.0;
    int first = 0; ///< index of the part's first picture among all
    std::uint64_t seed = 0; ///< of the update: with the picture's index it decides what dropout drops
};

/// The result of the stage TrainerOptions::trainFrom for some pictures, as Interpreter::run hands it out. A
/// view: the numbers must outlive the call.
struct Activations {
    std::span<const float> values;
    int count = 0;
};

/// Over all pictures since the last reset.
struct TrainingScore {
    double loss = 0.0; ///< weighted mean of what was minimised; auxiliary head and weight decay not counted
    double accuracy = 0.0; ///< 0..1, before each update and with dropout
    std::int64_t pictures = 0;
    bool finite = true; ///< false: some loss was infinite or no number, and the weights are worth nothing
};

/// Everything that training has changed, so that it can go on elsewhere as if never interrupted.
struct TrainerState {
    network::TensorMap weights;
    network::TensorMap optimizer; ///< by weight and slot, as "conv.weight/0", and the loss scale
    std::int64_t updates = 0; ///< taken so far
};

/// Logits that a graphics card may still be computing.
class Evaluation
{
public:
    /// Waits for them: count rows of one number for each class. Throws DeviceFailed.
    std::vector<float> logits() const;

private:
    friend class Trainer;
    struct Held;

    explicit Evaluation(std::shared_ptr<const Held> held);

    std::shared_ptr<const Held> m_held;
};

/// Trains a graph: accumulate() for the pictures of a batch, whole or in parts, then update().
///
/// Not thread-safe: one thread at a time. On the CPU the same calls with the same number of threads give the
/// same bits, with or without checkpointing, and with or without state() and restore() between updates.
/// Dropout depends on seed, picture and layer alone, so it is the same on every device and however a batch is
/// divided. Nothing here waits for a device other than the CPU except evaluate(), score(), gradients(),
/// weights() and state().
///
/// A failure inside a layer is thrown as Error that names the layer. OutOfMemory from accumulate() leaves
/// everything as it was before that call.
class Trainer
{
public:
    /// Copies the weights; throws Error where they or the options do not fit the graph.
    Trainer(network::Graph graph, const network::TensorMap& weights, const TrainerOptions& options);
    ~Trainer();
    Trainer(Trainer&&) noexcept;
    Trainer& operator=(Trainer&&) noexcept;

    /// Forward and backward: adds the gradient of share * (mean loss over these pictures). Labels are 0 ..
    /// classes - 1, one for each picture. A loss that is not finite is no error: see TrainingScore.
    void accumulate(const Batch& batch, std::span<const std::int64_t> labels, const Part& part = {});

    /// The same from the cached result of the frozen part. Requires trainFrom.
    void accumulate(const Activations& cached, std::span<const std::int64_t> labels, const Part& part = {});

    /// Clips, changes the weights by the optimizer at this learning rate, and forgets the gradients. With
    /// a loss scale the update is left out (but counted) where a gradient overflowed.
    void update(double learningRate);

    void discardGradients();

    /// What was accumulated for each weight that learns, before clipping.
    network::TensorMap gradients() const;

    TrainingScore score() const;
    void resetScore();

    /// Logits with the weights as they are now, in evaluation and in float32: count rows of one number for
    /// each class.
    std::vector<float> evaluate(const Batch& batch);

    /// The same from the cached result of the frozen part. Requires trainFrom.
    std::vector<float> evaluate(const Activations& cached);

    /// The same without waiting for it. The pixels need not outlive the call.
    Evaluation beginEvaluation(const Batch& batch);

    /// A copy of all weights as they are now, the frozen ones to the bit as they came.
    network::TensorMap weights() const;

    /// Throws Error where they do not match the graph. The optimizer keeps what it remembers, and frozen
    /// weights must be what they were.
    void setWeights(const network::TensorMap& weights);

    /// Between updates: gradients that were accumulated are not part of it.
    TrainerState state() const;

    /// Of a trainer of the same graph and options. Throws Error where it does not fit; then nothing changed.
    void restore(const TrainerState& state);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace graft::neural
