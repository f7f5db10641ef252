#pragma once
#include "core/learn/strategy.h"

namespace graft::learn {

/// How well a linear layer on these features would explain the labels, without training one: the logarithm of
/// the maximum evidence for each picture and class, averaged (K. You et al., "LogME: practical assessment of
/// pre-trained models for transfer learning", ICML 2021). Greater is better; only values of the same pictures
/// can be compared. Takes time by the cube of the smaller of rows and channels: for some hundred rows. Throws
/// Error where there are no rows or no channels.
double logMe(const LabelledFeatures& features, int classes);

} // namespace graft::learn
