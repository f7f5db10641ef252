#include "core/neural/interpreter.h"

#include <array>

namespace graft::neural {

namespace {

struct Named {
    Precision precision;
    std::string_view id;
};

constexpr std::array list {
    Named {Precision::Float32, "float32"},
    Named {Precision::BFloat16, "bfloat16"},
    Named {Precision::Float16, "float16"},
};

} // namespace

std::string_view idOf(Precision precision)
{
    for (const Named& one : list) {
        if (one.precision == precision)
            return one.id;
    }
    return list.front().id;
}

Precision precisionNamed(std::string_view id)
{
    std::string known;
    for (const Named& one : list) {
        if (one.id == id)
            return one.precision;
        known += " " + std::string(one.id);
    }
    throw Error(std::string(id), "there is no such precision", "Choose one of: auto" + known + ".");
}

} // namespace graft::neural
