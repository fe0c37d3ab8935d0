using System.Collections;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database;

/// <summary>Values as the databases keep them: what EF's converters of the model do, for statements that are bound without EF.</summary>
internal static class StoredValues
{
    /// <summary>A value, or a list of values as an array.</summary>
    public static object Of(object value, Func<Guid, object>? guid) => value switch
    {
        string or int or long or bool or DateOnly => value,
        Guid id => guid is null ? id : guid(id),
        DateTime moment => Instants.ToStored(moment),
        Enum e => SnakeCase.Upper(e.ToString()),
        // To the runtime an array of enums is also one of their numbers.
        Array several when several.GetType().GetElementType()!.IsEnum => several.Cast<Enum>().Select(e => SnakeCase.Upper(e.ToString())).ToArray(),
        IEnumerable<Guid> ids => guid is null ? ids.ToArray() : ids.Select(guid).ToArray(),
        IEnumerable<string> texts => texts.ToArray(),
        IEnumerable<int> numbers => numbers.ToArray(),
        IEnumerable<long> numbers => numbers.ToArray(),
        IEnumerable<bool> flags => flags.ToArray(),
        IEnumerable<DateOnly> days => days.ToArray(),
        IEnumerable<DateTime> moments => moments.Select(Instants.ToStored).ToArray(),
        IEnumerable several => several.Cast<Enum>().Select(e => SnakeCase.Upper(e.ToString())).ToArray(),
        _ => throw new System.Diagnostics.UnreachableException($"{value.GetType()} is not bound to statements."),
    };
}
