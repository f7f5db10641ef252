#include "ui/widgets/try_it_empty.h"

#include "ui/page.h"
#include "ui/theme.h"
#include "ui/widgets/drop_area.h"
#include "ui/widgets/parts.h"

#include <QVBoxLayout>

namespace graft::ui {

namespace {

QWidget* makeSentence(const QString& text)
{
    auto* sentence = makeLabel("", text);
    sentence->setWordWrap(true);
    sentence->setAlignment(Qt::AlignCenter);
    return sentence;
}

QWidget* makeMark()
{
    auto* mark = new IconLabel(48);
    mark->setIcon(icon("try-it", Ink::Text2));
    return mark;
}

} // namespace

TryItEmpty::TryItEmpty(QWidget* parent)
    : QStackedWidget(parent)
{
    addWidget(makeTrainFirst()); // in the order of Kind
    addWidget(makeNoWeights());
    addWidget(makeDropHere());
}

void TryItEmpty::display(Kind kind)
{
    setCurrentIndex(kind);
}

void TryItEmpty::setImagenet(bool on)
{
    m_drop->setSentence(on ? tr("Any pictures you like, or whole folders.")
                           : tr("Pictures or whole folders the model has not seen."));
}

void TryItEmpty::setTrainable(bool on)
{
    m_train->setVisible(on);
}

void TryItEmpty::setAsking(bool asking, int done, int total)
{
    if (asking)
        m_drop->setBusy(tr("Looking at your pictures"), done, total);
    else
        m_drop->setIdle();
}

QWidget* TryItEmpty::makeTrainFirst()
{
    m_train = makeButton("", tr("New training…"));
    makePrimary(m_train, "plus");
    QPushButton* imagenet = makeButton("eye", tr("What does ImageNet see?"));
    imagenet->setToolTip(tr("Asks a network as it came, before it learns your classes"));
    connect(m_train, &QPushButton::clicked, this, &TryItEmpty::newTraining);
    connect(imagenet, &QPushButton::clicked, this, &TryItEmpty::askImagenet);
    return centredColumn(
        {makeMark(),
         makeSentence(tr("Train a model first. Then drop new pictures here and see what it says.")), m_train,
         imagenet});
}

QWidget* TryItEmpty::makeNoWeights()
{
    QPushButton* get = makeButton("", tr("Network weights…"));
    makePrimary(get, "download");
    connect(get, &QPushButton::clicked, this, &TryItEmpty::showWeights);
    return centredColumn({makeMark(),
                          makeSentence(tr("No network is on this computer yet. Download one, or import its "
                                          "file from a USB stick. Then drop any picture here.")),
                          get});
}

QWidget* TryItEmpty::makeDropHere()
{
    m_drop = new DropArea("drop", tr("Drop pictures here"), {});
    setImagenet(false);
    QPushButton* choose = makeButton("", tr("Choose pictures…"));
    makePrimary(choose, "plus");
    QPushButton* pasteHere = makeButton("paste", tr("Paste"));
    m_drop->addButton(choose);
    m_drop->addButton(pasteHere);
    connect(choose, &QPushButton::clicked, this, &TryItEmpty::choosePictures);
    connect(pasteHere, &QPushButton::clicked, this, &TryItEmpty::paste);
    connect(m_drop, &DropArea::dropped, this, &TryItEmpty::dropped);
    connect(m_drop, &DropArea::stopRequested, this, &TryItEmpty::stopRequested);
    auto* page = new QWidget;
    auto* margins = new QVBoxLayout(page);
    margins->setContentsMargins(24, 0, 24, 24);
    margins->addWidget(m_drop);
    return page;
}

} // namespace graft::ui
