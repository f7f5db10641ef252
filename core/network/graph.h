#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace graft::network {

/// What flows along an edge, for one picture; a vector of n numbers is {n, 1, 1}.
struct Shape {
    int channels = 0;
    int height = 1;
    int width = 1;

    bool operator==(const Shape&) const = default;

    std::int64_t count() const { return std::int64_t {channels} * height * width; }
};

/// Height and width; one number stands for both.
struct Extent {
    constexpr Extent(int both)
        : Extent(both, both)
    {
    }

    constexpr Extent(int rows, int columns)
        : height(rows)
        , width(columns)
    {
    }

    int height;
    int width;
};

// The layers. A new one is a struct here and a line in Op; the compiler then names every place that must
// learn it.
struct Input {
}; ///< pixels 0..255

struct Affine { ///< scale * x + shift, for each channel
    std::vector<float> scale;
    std::vector<float> shift;
};

struct Pad { ///< with zeros
    int top = 0;
    int bottom = 0;
    int left = 0;
    int right = 0;
};

struct Conv {
    int channels = 0;
    Extent kernel = 1;
    Extent stride = 1;
    Extent padding = 0;
    int groups = 1;
    bool bias = false;
};

struct BatchNorm {
    double epsilon = 1e-5;
};

struct Relu {
    double ceiling = std::numeric_limits<double>::infinity(); ///< 6 makes it ReLU6
};

struct MaxPool {
    Extent kernel = 2;
    Extent stride = 2;
    Extent padding = 0;
};

struct AvgPool {
    Extent kernel = 2;
    Extent stride = 2;
    Extent padding = 0;
    bool countsPadding = true; ///< whether the zeros around the picture count in the mean
};

struct AdaptivePool { ///< means over `size` parts of about the same size, whatever the input's
    Extent size = 7;
};

struct GlobalPool {
}; ///< mean over height and width

struct Add {
};

struct Concat {
}; ///< along the channels

struct Flatten {
}; ///< a vector, channel by channel, row by row

struct Dropout {
    double probability = 0.5;
};

struct Linear {
    int units = 0;
};

using Op = std::variant<Input, Affine, Pad, Conv, BatchNorm, Relu, MaxPool, AvgPool, AdaptivePool, GlobalPool,
                        Add, Concat, Flatten, Dropout, Linear>;

struct Node {
    std::string name; ///< unique; where the op has parameters, their prefix in the weight file
    Op op;
    std::vector<int> inputs; ///< indices of earlier nodes
    Shape shape; ///< of the result
};

/// A place where the network may be cut, addressed by name.
struct Stage {
    std::string name;
    int node = 0; ///< the last node that belongs to it
};

/// A network as data. Nodes are in an order in which they can run: the first is the Input, the last the
/// result. A graph is made for one input size; parameter names and shapes do not depend on that size.
struct Graph {
    std::vector<Node> nodes;
    std::vector<Stage> stages;
    int auxiliary = -1; ///< the logits of a second classifier, which only training looks at; -1 for none
};

/// The only way to make a graph: checks names and shapes as it grows, and throws Error at the first misfit.
class GraphBuilder
{
public:
    /// Handle of a node that was added to this builder.
    struct Value {
        int node = 0;
    };

    explicit GraphBuilder(const Shape& input);

    Value input() const { return {}; }

    const Shape& shape(Value value) const { return m_graph.nodes.at(value.node).shape; }

    Value add(std::string name, Op op, const std::vector<Value>& inputs);
    void endStage(std::string name, Value last);

    void setAuxiliary(Value logits) { m_graph.auxiliary = logits.node; }

    Graph build() && { return std::move(m_graph); }

private:
    Graph m_graph;
};

enum class Role { Weight, Bias, Mean, Variance };

/// One tensor of numbers that a graph needs. Mean and Variance are measured, not learned.
struct Parameter {
    std::string name; ///< node name and role, as in the weight files: "layer1.0.bn1.running_mean"
    int node = 0;
    Role role = Role::Weight;
    std::vector<std::int64_t> shape; ///< PyTorch's order: outputs, inputs / groups, rows, columns

    std::int64_t count() const
    {
        return std::accumulate(shape.begin(), shape.end(), std::int64_t {1}, std::multiplies<>());
    }
};

std::vector<Parameter> parameters(const Graph& graph);
int stageNode(const Graph& graph,
              std::string_view stage); ///< throws Error that lists the stages when unknown
std::int64_t multiplyAdds(const Graph& graph); ///< for one picture

/// What one place of a result sees of the picture, and how far its neighbour's view is from its own: pixels.
struct ReceptiveField {
    Extent size = 1; ///< may be larger than the picture
    Extent stride = 1;
};

/// For each node (Araujo et al., "Computing receptive fields of convolutional neural networks", 2019). From
/// the first layer that looks at the whole picture on, it is the picture's size.
std::vector<ReceptiveField> receptiveFields(const Graph& graph);

/// For each node the last node that reads it (itself where none does): after that, its result can be freed.
std::vector<int> lastReaders(const Graph& graph);

} // namespace graft::network
