#pragma once
#include <QStringList>

namespace graft::ui {

/// The classes that a model answers with.
struct AnswerClasses {
    QStringList names; ///< by label
    QStringList meanings = {}; ///< by label, for tooltips; empty where the names say it all
    bool own = true; ///< a person's own, with marks and "none of these"; else ImageNet's, in thousands

    QString name(int label) const; ///< its number where it has none
    QString meaning(int label) const;
};

/// ImageNet's 1,000 everyday things: of WordNet's "tabby, tabby cat" the first is the name.
AnswerClasses imagenetClasses();

} // namespace graft::ui
