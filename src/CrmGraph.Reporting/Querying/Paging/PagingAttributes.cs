using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>Adds the argument <c>where</c> to a field with <see cref="UsePagingAttribute"/>.</summary>
public sealed class UseFilteringAttribute : FieldAttribute
{
    public override int Order => 100;

    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Arguments.Add(new("where", new FilterTypes(types).Row(QueryableField.RowType(field)))
        {
            Description = "Only rows that meet these conditions. If omitted, all rows.",
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.Filter)]
        });
}

/// <summary>Adds the argument <c>search</c>, short for the field of that name in <c>where</c>, to a field with <see cref="UseFilteringAttribute"/>.</summary>
/// <param name="description">What is searched, and how.</param>
public sealed class UseSearchAttribute(string description) : FieldAttribute
{
    public const string Argument = "search";
    public override int Order => 50;

    public override void Configure(FieldBuilder field, ITypeRegistry types) => field.Arguments.Add(new(Argument, types.Scalar("String"))
    {
        Description = description,
        AppliedDirectives = [CostDirectives.Cost(QueryCosts.Search)],
    });

    /// <summary>The argument <c>where</c>, with <c>search</c> as one of its fields.</summary>
    internal static InputObject? Filter(IReadOnlyDictionary<string, object?> arguments, FieldDefinition field)
    {
        ResolverContext.TryGetArgument<InputObject>(arguments, "where", out var where);
        if (!ResolverContext.TryGetArgument<string>(arguments, Argument, out var words))
            return where;
        var type = (InputObjectType)field.Arguments.First(a => a.Name == "where").Type.Named;
        var search = new InputObject(type, new Dictionary<string, object?> { [Argument] = words });
        return where is null ? search : new(type, new Dictionary<string, object?> { ["and"] = new[] { where, search } });
    }
}

/// <summary>Adds the argument <c>order</c> to a field with <see cref="UsePagingAttribute"/>.</summary>
public sealed class UseSortingAttribute : FieldAttribute
{
    public override int Order => 200;

    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Arguments.Add(new("order", new ListType(new NonNullType(new SortTypes(types).Row(QueryableField.RowType(field)))))
        {
            Description = "The sort keys, the most important first.",
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.SortKey)],
        });
}

/// <summary>
/// Makes a connection of a field whose method returns an <see cref="IQueryable{T}"/>; with <see cref="Of"/> one for each parent, of all by one statement.
/// Applies <c>where</c> and <c>order</c> where the field has them.
/// </summary>
/// <param name="order">The list's own order: names of properties, with a minus in front when descending, separated by blanks.</param>
public sealed class UsePagingAttribute(string order) : FieldAttribute
{
    public override int Order => 300;
    public string DefaultOrder { get; } = order;
    /// <summary>The properties that tell the rows of the list apart.</summary>
    public string Key { get; init; } = "Id";
    /// <summary>The name before <c>Connection</c>; the field's when left out.</summary>
    public string? ConnectionName { get; init; }
    /// <summary>The rows' property with the Id of the parent whose rows they are; the method then returns the rows of all parents there are, and may depend on the caller alone.</summary>
    public string? Of { get; init; }
    /// <summary>Where the parents are facts: the rows' property with the customer, which leads the index that finds them.</summary>
    public string? OfCustomer { get; init; }

    /// <summary>More than the caller decides which rows there are: the statement is made anew each time.</summary>
    public bool IsBuiltEachTime { get; init; }

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        var row = QueryableField.RowType(field);
        var name = ConnectionName ?? char.ToUpperInvariant(field.Name[0]) + field.Name[1..];
        field.Type = new NonNullType(ConnectionTypes.Connection(types, name, types.Output(row)));
        field.Arguments.InsertRange(0, Arguments(types));
        field.Directives.Add(Size(types));
        field.Directives.Add(CostDirectives.Cost(QueryCosts.Statement));
        var paged = (PagedField)Activator.CreateInstance(typeof(PagedField<>).MakeGenericType(row), field, this)!;
        field.Tag = paged;
        field.Resolver = paged.ResolveAsync;
        field.ResultClrType = typeof(Connection);
        field.Reads = Math.Max(field.Reads, 1);
        if (Of is null)
            return;
        field.ArgumentShare = QueryCosts.OfParent;
        field.ParentProperties = OfCustomer is null ? ["Id"] : [nameof(ICustomerFact.CustomerId), "Id"];
    }

    internal static AppliedDirective Size(ITypeRegistry types) =>
        CostDirectives.ListSize(new(types.Limits.PageSizeMaximum, ["first", "last"], types.Limits.PageSize, ["edges", "nodes"], RequireOne: false));

    internal static IEnumerable<InputValueDefinition> Arguments(ITypeRegistry types)
    {
        var (number, text) = (types.Scalar("Int"), types.Scalar("String"));
        yield return new("first", number) { Description = "Returns the first _n_ rows of the list." };
        yield return new("after", text) { Description = "Returns the rows that come after this cursor." };
        yield return new("last", number) { Description = "Returns the last _n_ rows of the list." };
        yield return new("before", text) { Description = "Returns the rows that come before this cursor." };
    }
}
