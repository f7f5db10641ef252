#include "ui/widgets/answer_card.h"

#include "ui/models/share_model.h"
#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/bar_delegate.h"
#include "ui/widgets/parts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace graft::ui {

namespace {

constexpr int MarkSize = 28;
constexpr int BarRow = 34;

} // namespace

AnswerCard::AnswerCard(QWidget* parent)
    : QFrame(parent)
    , m_file(new ElidedLabel)
    , m_mark(new QLabel)
    , m_class(new ElidedLabel)
    , m_sentence(makeLabel("muted"))
    , m_shares(new ShareModel(this))
    , m_bars(new QTableView)
    , m_thresholdRow(makeThreshold())
{
    setProperty("card", true);
    m_file->setProperty("role", QStringLiteral("caption"));
    m_class->setProperty("role", QStringLiteral("answer"));
    m_sentence->setWordWrap(true);
    m_mark->setFixedSize(MarkSize, MarkSize);

    makePlain(m_bars);
    m_bars->setModel(m_shares);
    m_bars->setItemDelegate(new BarDelegate(BarDelegate::Look::Thick, m_bars));
    m_bars->horizontalHeader()->hide();
    m_bars->horizontalHeader()->setSectionResizeMode(ShareModel::Name, QHeaderView::ResizeToContents);
    m_bars->horizontalHeader()->setMaximumSectionSize(360);
    m_bars->horizontalHeader()->setStretchLastSection(true);
    m_bars->verticalHeader()->setDefaultSectionSize(BarRow);
    m_bars->setSelectionMode(QAbstractItemView::NoSelection);
    m_bars->setStyleSheet(QStringLiteral("QTableView::item { border: none; padding: 0 8px 0 0; }"));
    m_bars->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_bars->setIconSize(QSize(12, 12));
    m_bars->setAccessibleName(tr("How sure the model is of each class"));
    m_bars->setMinimumHeight(3 * BarRow);

    auto* title = new QHBoxLayout;
    title->setSpacing(16);
    title->addWidget(m_mark);
    title->addWidget(m_class, 1);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(24, 20, 24, 16);
    rows->setSpacing(4);
    rows->addWidget(m_file);
    rows->addLayout(title);
    rows->addWidget(m_sentence);
    rows->addSpacing(8);
    rows->addWidget(m_bars, 1);
    rows->addWidget(m_thresholdRow);
}

QWidget* AnswerCard::makeThreshold()
{
    auto* name = makeLabel("", tr("Say “none of these” below"));
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setRange(0, 100);
    m_slider->setMinimumWidth(80);
    m_slider->setMaximumWidth(160);
    m_slider->setAccessibleName(name->text());
    m_spin = new QSpinBox;
    m_spin->setRange(0, 100);
    m_spin->setSuffix(tr("\u00A0%"));
    m_spin->setAlignment(Qt::AlignRight);
    m_spin->setAccessibleName(name->text());
    m_spin->setMinimumWidth(64);
    name->setBuddy(m_spin);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(name, 1);
    row->addWidget(m_slider);
    row->addWidget(m_spin);
    auto* under = new QWidget;
    auto* rows = new QVBoxLayout(under);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(makeRule());
    rows->addSpacing(4);
    rows->addLayout(row);
    connect(m_slider, &QSlider::valueChanged, m_spin, &QSpinBox::setValue);
    connect(m_spin, &QSpinBox::valueChanged, this, [this](int value) {
        m_slider->setValue(value);
        showAnswer();
        emit thresholdChanged(threshold());
    });
    return under;
}

void AnswerCard::setThreshold(double threshold)
{
    m_spin->setValue(static_cast<int>(std::lround(threshold * 100.0)));
}

double AnswerCard::threshold() const
{
    return m_spin->value() / 100.0;
}

void AnswerCard::setClasses(const AnswerClasses& classes)
{
    m_classes = classes;
    m_thresholdRow->setVisible(classes.own);
    clear();
}

void AnswerCard::setAnswer(const Answer& answer)
{
    m_answer = answer;
    m_shares->setShares(m_classes, answer.probabilities);
    showAnswer();
}

void AnswerCard::clear()
{
    setAnswer({});
}

bool AnswerCard::isRejected() const
{
    return m_classes.own && ui::isRejected(m_answer, threshold());
}

void AnswerCard::showAnswer()
{
    m_file->setFullText(m_answer.name);
    showMark();
    if (!m_answer.isAnswered()) {
        m_class->setFullText(m_answer.problem.isEmpty() ? QString() : tr("No answer"));
        m_sentence->setText(m_answer.problem);
        return;
    }
    if (isRejected()) {
        m_class->setFullText(tr("None of these"));
        m_sentence->setText(
            tr("Best guess %1, %2. This picture does not look like the ones the model learned from.")
                .arg(m_classes.name(m_answer.best), percent(m_answer.sure())));
        return;
    }
    m_class->setFullText(m_classes.name(m_answer.best));
    m_class->setToolTip(m_classes.meaning(m_answer.best));
    const std::vector<float>& shares = m_answer.probabilities;
    int second = -1;
    for (int i = 0; i < static_cast<int>(shares.size()); ++i) {
        if (i != m_answer.best
            && (second < 0 || shares[static_cast<std::size_t>(i)] > shares[static_cast<std::size_t>(second)]))
            second = i;
    }
    const double next = second < 0 ? 0.0 : static_cast<double>(shares[static_cast<std::size_t>(second)]);
    constexpr double worthSaying = 0.005; // rounds to 1 %
    m_sentence->setText(next < worthSaying
                            ? tr("%1 sure.").arg(percent(m_answer.sure()))
                            : tr("%1 sure. Next is %2 with %3.")
                                  .arg(percent(m_answer.sure()), m_classes.name(second), percent(next)));
}

void AnswerCard::showMark()
{
    m_mark->setVisible((m_answer.isAnswered() && m_classes.own) || !m_answer.problem.isEmpty());
    const QIcon mark = !m_answer.isAnswered() ? icon("error", Ink::Error)
        : isRejected()                        ? icon("warning", Ink::Warning)
                                              : classMark(m_answer.best);
    m_mark->setPixmap(mark.pixmap(QSize(MarkSize, MarkSize), devicePixelRatioF()));
}

QString AnswerCard::answerText() const
{
    return m_class->fullText();
}

QString AnswerCard::sentence() const
{
    return m_sentence->text();
}

void AnswerCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showMark();
}

} // namespace graft::ui
