using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;

namespace CrmGraph.Reporting.Imports.Maps;

internal enum LetterCase { Keep, Upper, Lower }

internal sealed record Replacement(Regex Pattern, string With);

/// <summary>
/// Where a field's value comes from and what is done to it, in this order: column, expression or constant; trim; replace; case; values; lookup; default;
/// then it is read as the field's type.
/// </summary>
internal sealed record FieldSource
{
    /// <summary>As people see it in reports: <c>order.orderedAt</c>.</summary>
    public required string Label { get; init; }
    public required FieldType Type { get; init; }
    public required Expression Origin { get; init; }
    /// <summary>A row without a value is refused.</summary>
    public bool IsRequired { get; init; }
    /// <summary>A value that cannot be read counts as empty instead of refusing the row.</summary>
    public bool IgnoresInvalid { get; init; }
    public IReadOnlyList<Replacement> Replacements { get; init; } = [];
    public LetterCase Case { get; init; }
    public IReadOnlyDictionary<string, string?>? ValueTable { get; init; }
    /// <summary>What becomes of texts that are not in the value table; unset: they stay.</summary>
    public bool HasOtherwise { get; init; }
    public string? Otherwise { get; init; }
    public LookupStep? Lookup { get; init; }
    public string? Default { get; init; }
    public string[] Separators { get; init; } = ListText.UsualSeparators;
    /// <summary>Texts that empty what is stored; the empty text stands for a value that is missing.</summary>
    public IReadOnlyList<string> ClearTexts { get; init; } = [];
    public required NumberFormat Numbers { get; init; }
    public required DateFormats Dates { get; init; }
    /// <summary>For keys and references: the system that the id belongs to; null is the map's.</summary>
    public string? Source { get; init; }

    /// <summary>Throws <see cref="ValueException"/> when the value cannot be read as the type.</summary>
    public Value Read(IRowValues row)
    {
        var value = Origin.Evaluate(row);
        if (ClearTexts.Count > 0 && ClearTexts.Contains(value.Text, StringComparer.Ordinal))
            return Value.Cleared;
        if (value.Kind == ValueKind.Text && (Replacements.Count > 0 || Case != LetterCase.Keep))
            value = Value.Of(Rewrite(value.Text));
        if (ValueTable is not null && !value.IsEmpty)
            value = Translate(value);
        if (Lookup is not null && !value.IsEmpty)
            value = Lookup.Find(row, value);
        if (value.IsEmpty)
            return Default is null ? Value.Empty : Convert(Value.Of(Default), row.Today);
        return Convert(value, row.Today);
    }

    /// <summary>Why a text of the map itself would refuse its rows; null when it is right.</summary>
    public string? WhyUnreadable(string text)
    {
        try
        {
            return Type.IsCurrency && CurrencyCodes.Find(text) is null ? $"'{text}' is not a currency; give a code of ISO 4217 such as EUR or CNY"
                : Convert(Value.Of(text)).IsEmpty && IsRequired ? "a value is needed in every row" : null;
        }
        catch (ValueException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>A text of the map as the field's type.</summary>
    public Value Convert(Value value) => value.IsEmpty ? value : Convert(value, new DateOnly(2000, 1, 1));

    private string Rewrite(string text)
    {
        foreach (var replacement in Replacements)
        {
            text = replacement.Pattern.Replace(text, replacement.With);
            if (text.Length > Operands.MaximumCharacters)
                throw new ValueException($"the replacement makes a text of more than {Operands.MaximumCharacters} characters");
        }
        return Case switch { LetterCase.Upper => text.ToUpperInvariant(), LetterCase.Lower => text.ToLowerInvariant(), _ => text };
    }

    private Value Translate(Value value)
    {
        if (ValueTable!.TryGetValue(value.Text, out var translated))
            return Value.Of(translated);
        return HasOtherwise ? Value.Of(Otherwise) : value;
    }

    private Value Convert(Value value, DateOnly today)
    {
        switch (Type.Kind)
        {
            case FieldKind.Text:
                return value.Kind == ValueKind.Text ? value : Value.Of(value.Text);
            case FieldKind.Number:
                return ToNumber(value, percentIsHundredth: true);
            case FieldKind.Percent:
                return ToNumber(value, percentIsHundredth: false);
            case FieldKind.Integer:
                var whole = ToNumber(value, percentIsHundredth: false);
                return whole.Number == decimal.Truncate(whole.Number) && Math.Abs(whole.Number) <= int.MaxValue
                    ? whole
                    : throw new ValueException($"'{value.Text}' is not a whole number");
            case FieldKind.Flag:
                return value.Kind == ValueKind.Flag ? value : Value.Of(FieldType.ReadFlag(value.Text));
            case FieldKind.Choice:
                return Value.Of(Type.ReadChoice(value.Text));
            case FieldKind.Moment:
                return ToMoment(value, today);
            case FieldKind.Day:
                return ToDay(value, today);
            default:
                return value.Kind == ValueKind.List ? value : Split(value.Text);
        }
    }

    private Value ToNumber(Value value, bool percentIsHundredth)
    {
        if (value.Kind == ValueKind.Number)
            return value;
        return value.Kind == ValueKind.Text && Numbers.TryParse(value.Text, percentIsHundredth, out var number)
            ? Value.Of(number)
            : throw new ValueException($"'{value.Text}' is not a number written like {Numbers.Sample}");
    }

    private Value ToMoment(Value value, DateOnly today) => value.Kind switch
    {
        ValueKind.Moment => value,
        ValueKind.Day => Value.OfMoment(Dates.ToUtc(value.Day.ToDateTime(TimeOnly.MinValue))),
        _ when Dates.TryParseMoment(value.Text, today, out var moment) => Value.OfMoment(moment),
        _ => throw NoDate(value),
    };

    private Value ToDay(Value value, DateOnly today) => value.Kind switch
    {
        ValueKind.Day => value,
        ValueKind.Moment => Value.OfDay(DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(value.Moment, Dates.Zone))),
        _ when Dates.TryParseDay(value.Text, today, Type.IsPast, out var day) => Value.OfDay(day),
        _ => throw NoDate(value),
    };

    private ValueException NoDate(Value value) =>
        new($"'{value.Text}' is not a date in the form {string.Join(" or ", Dates.Patterns)}{(Dates.WhyNot(value.Text) is { } why ? ": " + why : "")}");

    private Value Split(string text) =>
        Value.OfList([.. ListText.Split(text, Separators).Distinct(StringComparer.Ordinal)]);
}
