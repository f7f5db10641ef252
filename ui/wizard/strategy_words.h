#pragma once
#include "core/learn/advice.h"

#include <QString>

#include <array>
#include <string_view>

namespace graft::ui {

/// One of the four places of the map.
struct StrategyPlace {
    const char* id; ///< of the list of strategies
    int number; ///< 1 to 4, as the lecture counts
    int row; ///< 0: many pictures
    int column; ///< 0: unlike ImageNet
};

/// In reading order.
inline constexpr std::array strategyPlaces {
    StrategyPlace {"scratch", 4, 0, 0}, StrategyPlace {"finetune", 2, 0, 1}, StrategyPlace {"svm", 3, 1, 0},
    StrategyPlace {"linear", 1, 1, 1}};

/// 0 where it has no place.
int strategyNumber(std::string_view id);

QString placeTitle(std::string_view id); ///< "Train only the classifier"

/// What happens to the network: "the network stays frozen and only a new last layer learns your classes."
QString placeSentence(std::string_view id, bool fromZero);

/// "It takes 2 to 5 min on this computer and gets about 95 % right, likely 91 to 98 %."
QString forecastSentence(const learn::Forecast& forecast);

} // namespace graft::ui
