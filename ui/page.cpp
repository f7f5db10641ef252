#include "ui/page.h"

#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int pageMargin = 24; // pixels, as are all below
constexpr int headerHeight = 72;
constexpr int messageGap = 16; // below the message bar
constexpr int stateWidth = 480; // of the sentences in the empty, loading and error states
constexpr int stateIcon = 48;

QLabel* label(const char* role, QWidget* parent)
{
    auto* result = new QLabel(parent);
    result->setProperty("role", QLatin1String(role));
    return result;
}

QLabel* sentence(QWidget* parent)
{
    auto* result = new QLabel(parent);
    result->setWordWrap(true);
    result->setAlignment(Qt::AlignCenter);
    result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return result;
}

const char* kindName(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return "info";
    case MessageBar::Kind::Warning:
        return "warning";
    case MessageBar::Kind::Error:
        return "error";
    }
    return "info";
}

Ink kindInk(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Info:
        return Ink::Info;
    case MessageBar::Kind::Warning:
        return Ink::Warning;
    case MessageBar::Kind::Error:
        return Ink::Error;
    }
    return Ink::Info;
}

} // namespace

QWidget* centredColumn(const QList<QWidget*>& widgets)
{
    auto* middle = new QWidget;
    middle->setFixedWidth(stateWidth);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, headerHeight);
    column->setSpacing(16);
    column->addStretch();
    for (QWidget* widget : widgets) {
        // A text takes the whole width: how high it gets is asked for the width of the column.
        const auto* text = qobject_cast<QLabel*>(widget);
        column->addWidget(widget, 0, text && text->wordWrap() ? Qt::Alignment() : Qt::AlignHCenter);
    }
    column->addStretch();
    auto* page = new QWidget;
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(pageMargin, 0, pageMargin, 0);
    row->addStretch();
    row->addWidget(middle);
    row->addStretch();
    return page;
}

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new IconLabel(16, this))
    , m_text(new QLabel(this))
    , m_buttons(new QHBoxLayout)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 7, 8, 7);
    row->setSpacing(8);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setIcon(graft::ui::icon("close"));
    close->setProperty("flat", true);
    close->setProperty("small", true);
    close->setToolTip(tr("Close this message"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    m_buttons->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addLayout(m_buttons);
    row->addWidget(close);
    hide();
}

void MessageBar::display(Kind kind, const QString& strong, const QString& text)
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    setProperty("bar", QLatin1String(kindName(kind)));
    style()->unpolish(this); // takes the new property in
    style()->polish(this);
    m_icon->setIcon(graft::ui::icon(kindName(kind), kindInk(kind)));
    const QString bold =
        strong.isEmpty() ? QString() : QStringLiteral("<b>%1</b> ").arg(strong.toHtmlEscaped());
    m_text->setText(bold + text.toHtmlEscaped());
    setAccessibleName(QStringLiteral("%1 %2").arg(strong, text).trimmed());
    show();
}

QPushButton* MessageBar::addButton(const QString& text)
{
    auto* button = new QPushButton(text, this);
    button->setProperty("small", true);
    m_buttons->addWidget(button);
    return button;
}

void MessageBar::setDetails(const QString& details)
{
    connect(addButton(tr("Details…")), &QPushButton::clicked, this, [this, details] {
        auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Details"), details, QMessageBox::Close, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        box->open();
    });
}

Page::Page(QWidget* parent)
    : QWidget(parent)
    , m_title(label("h1", this))
    , m_subtitle(new ElidedLabel(this))
    , m_actions(new QHBoxLayout)
    , m_messages(new MessageBar(this))
    , m_stack(new QStackedLayout)
{
    m_subtitle->setProperty("role", QStringLiteral("muted"));
    auto* titles = new QVBoxLayout;
    titles->setSpacing(0);
    titles->addStretch();
    titles->addWidget(m_title);
    titles->addWidget(m_subtitle);
    titles->addStretch();
    // A long title gives way to the buttons instead of widening the window.
    for (QLabel* text : std::initializer_list<QLabel*> {m_title, m_subtitle}) {
        text->setMinimumWidth(80);
        text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        text->setTextFormat(Qt::PlainText);
    }
    m_actions->setSpacing(8);

    auto* header = new QWidget(this);
    header->setMinimumHeight(headerHeight);
    auto* headerRow = new QHBoxLayout(header);
    headerRow->setContentsMargins(pageMargin, 8, pageMargin, 8); // where large text outgrows the height
    headerRow->setSpacing(16);
    headerRow->addLayout(titles, 1);
    headerRow->addLayout(m_actions);

    auto* messageRow = new QHBoxLayout;
    messageRow->setContentsMargins(pageMargin, 0, pageMargin, 0);
    messageRow->addWidget(m_messages);
    auto* rest = new QVBoxLayout;
    rest->setSpacing(messageGap); // goes with a hidden bar, which a margin would not
    rest->addLayout(messageRow);
    rest->addLayout(m_stack, 1);

    m_stack->addWidget(makeEmpty());
    m_stack->addWidget(makeLoading());
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_stack->addWidget(scroll);
    m_stack->addWidget(makeError());

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addLayout(rest, 1);
    setState(State::Normal);
}

QWidget* Page::makeEmpty()
{
    m_emptyIcon = new IconLabel(stateIcon, this);
    m_emptyText = sentence(this);
    m_emptyButton = new QPushButton(this);
    connect(m_emptyButton, &QPushButton::clicked, this, &Page::emptyAction);
    return centredColumn({m_emptyIcon, m_emptyText, m_emptyButton});
}

QWidget* Page::makeLoading()
{
    m_loadingText = sentence(this);
    m_loadingBar = new QProgressBar(this);
    m_loadingBar->setTextVisible(false);
    m_loadingBar->setFixedWidth(stateWidth * 2 / 3);
    auto* stop = new QPushButton(graft::ui::icon("stop"), tr("Stop"), this);
    connect(stop, &QPushButton::clicked, this, &Page::stopRequested);
    return centredColumn({m_loadingText, m_loadingBar, stop});
}

QWidget* Page::makeError()
{
    auto* picture = new IconLabel(stateIcon, this);
    picture->setIcon(graft::ui::icon("error", Ink::Error));
    m_errorText = sentence(this);
    m_errorButton = new QPushButton(this);
    m_errorMore = new QPushButton(tr("Details…"), this);
    m_errorMore->setProperty("flat", true);
    m_errorDetails = sentence(this);
    m_errorDetails->setProperty("role", QStringLiteral("caption"));
    m_errorDetails->hide();
    connect(m_errorButton, &QPushButton::clicked, this, &Page::errorAction);
    connect(m_errorMore, &QPushButton::clicked, m_errorDetails,
            [this] { m_errorDetails->setVisible(m_errorDetails->isHidden()); });
    return centredColumn({picture, m_errorText, m_errorButton, m_errorMore, m_errorDetails});
}

void Page::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void Page::setSubtitle(const QString& subtitle)
{
    m_subtitle->setFullText(subtitle);
}

void Page::addAction(QWidget* widget)
{
    m_actions->addWidget(widget);
}

void Page::setBody(QWidget* body)
{
    auto* scroll = static_cast<QScrollArea*>(m_stack->widget(static_cast<int>(State::Normal)));
    scroll->setWidget(body);
    scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
}

void Page::setEmpty(const char* iconName, const QString& text, const QString& button)
{
    m_emptyIcon->setIcon(graft::ui::icon(iconName, Ink::Text2));
    m_emptyText->setText(text);
    m_emptyButton->setText(button);
    m_emptyButton->setVisible(!button.isEmpty());
}

void Page::setEmpty(QWidget* widget)
{
    const int index = static_cast<int>(State::Empty);
    const int shown = m_stack->currentIndex();
    QWidget* before = m_stack->widget(index);
    m_stack->removeWidget(before);
    before->hide(); // kept: setEmpty() with a sentence still writes to it
    m_stack->insertWidget(index, widget);
    m_stack->setCurrentIndex(shown);
}

void Page::setLoading(const QString& text, int done, int total)
{
    m_loadingText->setText(total > 0 ? tr("%1, %L2 of %L3").arg(text).arg(done).arg(total) : text);
    m_loadingBar->setRange(0, total);
    m_loadingBar->setValue(done);
}

void Page::setError(const QString& text, const QString& remedy, const QString& details)
{
    m_errorText->setText(text);
    m_errorButton->setText(remedy);
    m_errorButton->setVisible(!remedy.isEmpty());
    m_errorDetails->setText(details);
    m_errorDetails->hide();
    m_errorMore->setVisible(!details.isEmpty());
}

void Page::setState(State state)
{
    m_stack->setCurrentIndex(static_cast<int>(state));
}

Page::State Page::state() const
{
    return static_cast<State>(m_stack->currentIndex());
}

} // namespace graft::ui
