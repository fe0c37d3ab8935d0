using System.Reflection;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>What the values of a field are read as.</summary>
internal enum FieldKind { Text, Number, Percent, Integer, Flag, Choice, Moment, Day, List }

/// <summary>A field of a kind of record, by the name that files give it and refusals report.</summary>
/// <param name="Member">The member of the record that holds what is given.</param>
internal abstract record Field(string Name, PropertyInfo Member)
{
    /// <summary>The type of the values: neither "not given" nor null.</summary>
    public Type Type { get; } = ArgumentOf(ArgumentOf(Member.PropertyType, typeof(Optional<>)), typeof(Nullable<>));
    public FieldKind Kind => IsPercent ? FieldKind.Percent : Type.IsEnum ? FieldKind.Choice : KindsByType[Type];
    /// <summary>The outside id of another row.</summary>
    public bool IsReference => Type == typeof(RowRef);
    public bool IsPercent { get; init; }
    /// <summary>A code of ISO 4217.</summary>
    public bool IsCurrency { get; init; }
    /// <summary>A day that is never in the future.</summary>
    public bool IsPast { get; init; }
    /// <summary>What is stored may be emptied.</summary>
    public bool IsClearable { get; init; }

    private static readonly Dictionary<Type, FieldKind> KindsByType = new()
    {
        [typeof(string)] = FieldKind.Text,
        [typeof(RowRef)] = FieldKind.Text,
        [typeof(decimal)] = FieldKind.Number,
        [typeof(int)] = FieldKind.Integer,
        [typeof(bool)] = FieldKind.Flag,
        [typeof(DateTime)] = FieldKind.Moment,
        [typeof(DateOnly)] = FieldKind.Day,
        [typeof(IReadOnlyList<string>)] = FieldKind.List,
    };

    private static Type ArgumentOf(Type type, Type generic)
        => type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments()[0] : type;
}

/// <summary>What a field does between a record and its row. What it does not, the rules of the kind do.</summary>
internal sealed record Field<TRecord, TRow>(string Name, PropertyInfo Member) : Field(Name, Member)
{
    public delegate void Setter(TRecord record, TRow row, ref Change change);

    /// <summary>Says what is wrong with the given value.</summary>
    public Action<TRecord, Check>? Check { get; init; }
    /// <summary>Writes the given value into the row, as it is stored, where the mode of the record lets it.</summary>
    public Setter? Set { get; init; }
    /// <summary>Fills what a row lacks from another that is merged into it.</summary>
    public Action<TRow, TRow>? Fill { get; init; }
}
