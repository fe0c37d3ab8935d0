using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>A property by whose values rows are counted and grouped.</summary>
internal sealed record Facet(PropertyInfo Property, string Name)
{
    private const string AttributeName = "ATTRIBUTE", AttributeKeyName = "ATTRIBUTE_KEY";

    public bool IsList => Property.PropertyType == typeof(List<string>) || IsAttributeKey;

    /// <summary>The value of the free attribute that an argument names.</summary>
    public bool IsAttribute { get; private init; }

    /// <summary>The names of the free attributes, in each of which a row counts.</summary>
    public bool IsAttributeKey { get; private init; }

    public static IReadOnlyList<Facet> Of(Type rowType, ITypeRegistry types) =>
        [.. rowType.GetProperties().Where(p => p.IsDefined(typeof(FacetAttribute))).Select(p => new Facet(p, types.NameOf(p)))];

    /// <summary>The list of the free attributes of rows; null for rows that have none.</summary>
    public static PropertyInfo? AttributesOf(Type rowType) =>
        rowType.GetProperty(AttributesProperty) is { PropertyType: { IsGenericType: true } list } property
            && list.GetGenericArguments()[0].IsSubclassOf(typeof(FreeAttribute)) ? property : null;

    /// <summary><c>CustomerFacet</c>, whose values are the facets.</summary>
    public static EnumType TypeOf(Type rowType, ITypeRegistry types)
    {
        var name = types.NameOf(rowType) + "Facet";
        return types.GetOrAdd(name, () => new EnumType(name, [
            .. Of(rowType, types).Select(f => new EnumValueDefinition(SnakeCase.Upper(f.Property.Name))
            {
                Value = f, Description = types.DescriptionOf(f.Property)
            }),
            .. AttributesOf(rowType) is { } attributes
                ? [new EnumValueDefinition(AttributeName)
                {
                    Value = new Facet(attributes, AttributeName) { IsAttribute = true },
                    Description = "The value of the additional attribute that the argument `attribute` names.",
                }, new EnumValueDefinition(AttributeKeyName)
                {
                    Value = new Facet(attributes, AttributeKeyName) { IsAttributeKey = true },
                    Description = "The names of the additional attributes. Overlapping: a row counts in each of its attributes.",
                }]
                : Array.Empty<EnumValueDefinition>(),
        ])
        {
            Description = $"What {Words.Of(types.NameOf(rowType))}s are grouped by.",
        });
    }

    /// <summary>The value of a row; of a list and of an attribute, what stands beside the row.</summary>
    public Expression Read(Expression item, Expression row) => IsList ? Expression.Property(item, nameof(RowBeside<>.Element))
        : IsAttribute ? Expression.Property(item, nameof(RowBeside<>.Attribute))
        : Expression.Property(row, Property);

    private const string AttributesProperty = nameof(Customer.Attributes);

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
