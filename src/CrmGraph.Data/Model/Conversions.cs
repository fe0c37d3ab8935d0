using System.Collections.Frozen;
using System.Diagnostics;
using System.Reflection;
using CrmGraph.GraphQL.Annotations;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CrmGraph.Data.Model;

/// <summary>Instants as both databases keep them: UTC, truncated to microseconds, which is PostgreSQL's precision.</summary>
public static class Instants
{
    /// <summary>Throws when the value is local time: an entity never holds anything but UTC.</summary>
    public static DateTime ToStored(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
            throw new ArgumentException($"{value:O} is local time. Convert it to UTC first.");
        return new DateTime(value.Ticks - value.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }

    public static DateTime Now(TimeProvider clock) => ToStored(clock.GetUtcNow().UtcDateTime);
}

/// <summary>New ids: UUID version 7 (RFC 9562), so that rows written together stand together in the indexes.</summary>
public static class RowIds
{
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
}

internal sealed class UtcInstantConverter() : ValueConverter<DateTime, DateTime>(
    value => Instants.ToStored(value), stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));

/// <summary>Network byte order: SQLite compares blobs byte by byte, which is then the order of PostgreSQL's uuid and of <see cref="Guid.CompareTo(Guid)"/>.</summary>
internal sealed class BigEndianGuidConverter() : ValueConverter<Guid, byte[]>(
    value => value.ToByteArray(true), stored => new Guid(stored, true));

internal sealed class UpperSnakeConverter<TEnum>() : ValueConverter<TEnum, string>(
    value => EnumTexts<TEnum>.Text(value), stored => EnumTexts<TEnum>.Value(stored))
    where TEnum : struct, Enum;

/// <summary>The names under which the values of an enum stand in the database: those of the graph, but for what was renamed.</summary>
internal static class EnumTexts<TEnum> where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Texts = Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, Stored);
    private static readonly FrozenDictionary<string, TEnum> Values = Texts.ToFrozenDictionary(t => t.Value, t => t.Key);

    public static string Text(TEnum value) =>
        Texts.TryGetValue(value, out var text) ? text : throw new ArgumentException($"{value} is not a value of {typeof(TEnum).Name}.");

    public static TEnum Value(string text) =>
        Values.TryGetValue(text, out var value) ? value : throw new UnreachableException($"The database holds '{text}' as a {typeof(TEnum).Name}.");

    /// <summary>What is stored keeps the name that it had.</summary>
    private static string Stored(TEnum value) =>
        typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<FormerNameAttribute>()?.Name ?? SnakeCase.Upper(value.ToString());
}
