using System.Reflection;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Aggregates;

internal interface IAggregateTypes
{
    ObjectType Type { get; }
}

/// <summary>The types of the aggregates of one kind of row: <c>CustomerAggregates</c>, <c>CustomerAggregate</c>, <c>CustomerFacet</c>.</summary>
internal sealed class AggregateTypes<T> : IAggregateTypes where T : class
{
    private const int Groups = 100, Values = 50;

    private readonly ITypeRegistry _types;
    private readonly string _name;
    private readonly IReadOnlyList<AggregateFigure> _figures;
    private readonly AggregateReader<T> _reader;

    public AggregateTypes(MethodInfo rows, ITypeRegistry types)
    {
        _types = types;
        _name = types.NameOf(typeof(T));
        _figures = AggregateFigure.Of(typeof(T), types);
        _reader = new(rows.CreateDelegate<Func<ResolverContext, IQueryable<T>>>(), _figures);
    }

    public ObjectType Type => _types.GetOrAdd(_name + "Aggregates", () => new ObjectType(_name + "Aggregates", () =>
    [
        new("total", new NonNullType(Row))
        {
            Description = "All rows together.",
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.Count)],
            Pricing = Price,
            Resolver = async context => [await _reader.TotalAsync(context)],
            Reads = 2,
        },
        new("groups", ListOf(Row))
        {
            Description = "The rows by group, the largest group first; suppressed groups come last. "
                + "Of a list such as `tags`, a row counts in each of its elements.",
            Arguments =
            [
                new("by", ListOf(Facets)) { Description = "One to four fields; at most one of them a list." }, .. Attribute, First(Groups),
            ],
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.Count), Sized(Groups)],
            Pricing = Price,
            Resolver = async context => [await _reader.FirstGroupsAsync(context)],
            Reads = 2,
        },
        new("distinctValues", ListOf(_types.Output(typeof(DistinctValue))))
        {
            Description = "The values of a field and how many rows have each, the most frequent first: for the choices of a filter.",
            Arguments =
            [
                new("field", new NonNullType(Facets)) { Description = "The field." },
                .. Attribute,
                new("search", _types.Scalar("String"))
                {
                    Description = "Only values whose label contains each of these words, without regard to case, accents and width.",
                    AppliedDirectives = [CostDirectives.Cost(QueryCosts.Search)],
                },
                First(Values),
            ],
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.Count), Sized(Values)],
            Resolver = async context => [await _reader.ValuesAsync(context)],
            Reads = 2,
        },
    ])
    {
        Description = $"Counts, totals and distinct values of {Words.Of(_name)}s.",
        ClrType = typeof(AggregateScope),
    });

    private ObjectType Row => _types.GetOrAdd(_name + "Aggregate", () => new ObjectType(_name + "Aggregate", () =>
    [
        Field("keys", ListOf(_types.Output(typeof(FacetValue))), a => a.Keys, "The values that the rows of the group share, in the order of `by`."),
        Field("count", _types.Scalar("Int"), a => a.Count, "The number of rows; null if suppressed."),
        Field("isSuppressed", new NonNullType(_types.Scalar("Boolean")), a => a.IsSuppressed,
            "Whether the figures are hidden, because too few customers stand behind them or they would reveal others that are hidden."),
        .. _figures.Select(f => Field(f.Name, TypeOf(f), a => a.Figures.GetValueOrDefault(f.Name),
            $"{Figures(f)} of `{f.Name}`; null if suppressed, or without any row.")),
        .. Facet.AttributesOf(typeof(T)) is null ? [] : new[] { NumberOfAttribute },
    ])
    {
        Description = $"Figures of a group of {Words.Of(_name)}s.",
        ClrType = typeof(Aggregate),
    });

    /// <summary>The name of the attribute for a facet that means one.</summary>
    private IEnumerable<InputValueDefinition> Attribute => Facet.AttributesOf(typeof(T)) is null
        ? []
        : [new(AggregateReader<T>.AttributeArgument, _types.Scalar("String")) { Description = "The name of the attribute for ATTRIBUTE." }];

    private FieldDefinition NumberOfAttribute => new(AggregateReader<T>.NumberField, _types.Output(typeof(NumberAggregate)))
    {
        Description = "Sum, average, least and greatest value of an additional attribute, of the rows whose value is a number; null if suppressed. At most ten "
            + "attributes at once. An attribute without any number is an error.",
        Arguments =
        [
            new(AggregateReader<T>.KeyArgument, new NonNullType(_types.Scalar("String"))) { Description = "The name of the attribute." },
        ],
        AppliedDirectives = [CostDirectives.Cost(0)],
        Resolver = context => new([.. context.Parents.Select(
            p => ((Aggregate)p!).Figures.GetValueOrDefault(AggregateReader<T>.NumberField + context.Arguments[AggregateReader<T>.KeyArgument]))]),
    };

    /// <summary>The rows are read once, and once more for each attribute.</summary>
    private static FieldPrice Price(PricedSelection selection) => new(
        QueryCosts.Count * (1 + AggregateReader<T>.NumbersOf(selection.Selections).Count),
        selection.Arguments.GetValueOrDefault("first") is int first ? Math.Clamp(first, 0, AggregateReader<T>.MostEntries) : 1);

    private EnumType Facets => Facet.TypeOf(typeof(T), _types);

    private GraphQLType TypeOf(AggregateFigure figure) => figure.Kind switch
    {
        FigureKind.Number => _types.Output(typeof(NumberAggregate)),
        FigureKind.Money => new ListType(new NonNullType(_types.Output(typeof(MoneyAggregate)))),
        FigureKind.Day => _types.Output(typeof(DayAggregate)),
        _ => _types.Output(typeof(InstantAggregate)),
    };

    private static string Figures(AggregateFigure figure) => figure.Kind switch
    {
        FigureKind.Money => "Sum, average, least and greatest amount, by currency,",
        FigureKind.Number => "Sum, average, least and greatest value",
        _ => "First and last value",
    };

    private static NonNullType ListOf(NamedType type) => new(new ListType(new NonNullType(type)));

    private InputValueDefinition First(int number) => new("first", new NonNullType(_types.Scalar("Int")))
    {
        Description = "The greatest number of entries, 0 to 1000.",
        DefaultValue = new IntValueNode(number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static AppliedDirective Sized(int usual) => CostDirectives.ListSize(new(AggregateReader<T>.MostEntries, ["first"], usual, [], RequireOne: false));

    private static FieldDefinition Field(string name, GraphQLType type, Func<Aggregate, object?> read, string description) => new(name, type)
    {
        Description = description,
        Resolver = context => new([.. context.Parents.Select(p => read((Aggregate)p!))]),
    };
}
