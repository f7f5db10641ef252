#include "ui/models/answer_classes.h"

#include "core/engine/imagenet.h"

namespace graft::ui {

QString AnswerClasses::name(int label) const
{
    return label >= 0 && label < names.size() ? names[label] : QString::number(label + 1);
}

QString AnswerClasses::meaning(int label) const
{
    return label >= 0 && label < meanings.size() ? meanings[label] : name(label);
}

AnswerClasses imagenetClasses()
{
    AnswerClasses classes {.names = {}, .own = false};
    for (const std::string& label : engine::imagenetLabels()) {
        const QString meaning = QString::fromStdString(label);
        QString name = meaning.section(QLatin1Char(','), 0, 0).trimmed();
        if (!name.isEmpty())
            name[0] = name[0].toUpper();
        classes.names += name;
        classes.meanings += meaning;
    }
    return classes;
}

} // namespace graft::ui
