using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>A property by whose values rows are counted and grouped.</summary>
internal sealed record Facet(PropertyInfo Property, string Name)
{
    public bool IsList => Property.PropertyType == typeof(List<string>);

    public static IReadOnlyList<Facet> Of(Type rowType, ITypeRegistry types) =>
        [.. rowType.GetProperties().Where(p => p.IsDefined(typeof(FacetAttribute))).Select(p => new Facet(p, types.NameOf(p)))];

    /// <summary><c>CustomerFacet</c>, whose values are the facets.</summary>
    public static EnumType TypeOf(Type rowType, ITypeRegistry types)
    {
        var name = types.NameOf(rowType) + "Facet";
        return types.GetOrAdd(name, () => new EnumType(name, [
            .. Of(rowType, types).Select(f => new EnumValueDefinition(SnakeCase.Upper(f.Property.Name))
            {
                Value = f, Description = types.DescriptionOf(f.Property)
            }),
        ])
        {
            Description = $"What {Words.Of(types.NameOf(rowType))}s are grouped by.",
        });
    }

    /// <summary>The value of a row; of a list, the element that stands beside the row.</summary>
    public Expression Read(Expression row, Expression? element) => IsList ? element! : Expression.Property(row, Property);

    /// <summary>As filters take it.</summary>
    public string? Written(object? value) => value switch
    {
        null => null,
        Guid id => NodeIds.FormatGuid(IdOf(Property), id),
        Enum choice => SnakeCase.Upper(choice.ToString()),
        _ => (string)value,
    };

    /// <summary>As people read it.</summary>
    public static string Label(object? value, IReadOnlyDictionary<Guid, string> names) => value switch
    {
        null => "Unknown",
        Guid id => names.GetValueOrDefault(id, "Unknown"),
        Enum choice => Sentence(Words.Of(choice.ToString())),
        _ => (string)value,
    };

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static string IdOf(PropertyInfo property) => property.GetCustomAttribute<IDAttribute>()!.TypeName!;
}
