using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Statements;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying;

/// <summary>Adds the argument <c>where</c> to a field with <see cref="UsePagingAttribute"/>.</summary>
public sealed class UseFilteringAttribute : FieldAttribute
{
    public override int Order => 100;

    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Arguments.Add(new("where", new FilterTypes(types).Row(UsePagingAttribute.RowType(field))) { Description = "Which rows; all when left out.", AppliedDirectives = [CostDirectives.Cost(QueryCosts.Filter)] });
}

/// <summary>Adds the argument <c>order</c> to a field with <see cref="UsePagingAttribute"/>.</summary>
public sealed class UseSortingAttribute : FieldAttribute
{
    public override int Order => 200;

    public override void Configure(FieldBuilder field, ITypeRegistry types) =>
        field.Arguments.Add(new("order", new ListType(new NonNullType(new SortTypes(types).Row(UsePagingAttribute.RowType(field)))))
        {
            Description = "The keys by which the rows are ordered, the most important first.",
            AppliedDirectives = [CostDirectives.Cost(QueryCosts.SortKey)],
        });
}

/// <summary>
/// Makes a connection of a field whose method returns an <see cref="IQueryable{T}"/>, or (a [BatchResolver]) a <see cref="Related{T}"/> per parent.
/// Applies <c>where</c> and <c>order</c> where the field has them.
/// </summary>
/// <param name="order">The list's own order: names of properties, with a minus in front when descending, separated by blanks.</param>
public sealed class UsePagingAttribute(string order) : FieldAttribute
{
    private static readonly Type[] Pageable = [typeof(IQueryable<>), typeof(Related<>)];

    public override int Order => 300;
    public string DefaultOrder { get; } = order;
    /// <summary>The properties that tell the rows of the list apart.</summary>
    public string Key { get; init; } = "Id";
    /// <summary>The name before <c>Connection</c>; the field's when left out.</summary>
    public string? ConnectionName { get; init; }

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        var row = RowType(field);
        var name = ConnectionName ?? char.ToUpperInvariant(field.Name[0]) + field.Name[1..];
        field.Type = ConnectionTypes.Connection(types, name, types.Output(row));
        field.Arguments.InsertRange(0, Arguments(types));
        field.Directives.Add(CostDirectives.ListSize(new(types.Limits.PageSizeMaximum, ["first", "last"], types.Limits.PageSize, ["edges", "nodes"], RequireOne: false)));
        field.Directives.Add(CostDirectives.Cost(QueryCosts.Statement));
        var resolve = typeof(UsePagingAttribute)
            .GetMethod(nameof(Paged), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(row)
            .CreateDelegate<Func<FieldResolver, RowOrder, bool, FieldResolver>>();
        field.Resolver = resolve(field.Resolver, RowOrder.Parse(DefaultOrder, Key), IsPlain(field));
        field.ResultClrType = typeof(Connection);
        field.Reads = Math.Max(field.Reads, 1);
    }

    internal static Type RowType(FieldBuilder field)
    {
        var type = field.ResultClrType;
        return type.IsGenericType && Pageable.Contains(type.GetGenericTypeDefinition())
            ? type.GetGenericArguments()[0]
            : throw new InvalidOperationException("[UsePaging], [UseFiltering] and [UseSorting] need a method that returns IQueryable<T>, or a [BatchResolver] that returns a list of Related<T>.");
    }

    private static IEnumerable<InputValueDefinition> Arguments(ITypeRegistry types)
    {
        var (number, text) = (types.Scalar("Int"), types.Scalar("String"));
        yield return new("first", number) { Description = "Returns the first _n_ elements from the list." };
        yield return new("after", text) { Description = "Returns the elements in the list that come after the specified cursor." };
        yield return new("last", number) { Description = "Returns the last _n_ elements from the list." };
        yield return new("before", text) { Description = "Returns the elements in the list that come before the specified cursor." };
    }

    private static FieldResolver Paged<T>(FieldResolver inner, RowOrder own, bool isPlain) where T : class => async context =>
    {
        var cancellation = context.CancellationToken;
        var given = context.Argument<object>("order");
        context.TryGetArgument<InputObject>("where", out var filtered);
        var filter = await QueryContexts.FilterAsync(context, filtered, given).ConfigureAwait(false);
        var plan = context.PerPlan(PagePlan.Of);
        var order = plan.Order<T>(given, own, filter);
        var request = PageRequest.Read(context, plan, order, context.HostServices.GetService<GraphQLLimits>() ?? new(), filter.Limits);
        var where = filtered is null ? null : await FilterBuilder.BuildAsync<T>(filtered, filter, cancellation).ConfigureAwait(false);
        KeptPages<T>? Kept() => context.HostServices.GetService<StatementCache>() is { } statements && plan.Reader<T>(statements) is { } reader
            ? new(plan, reader, statements, context, order, request, where) : null;
        // What the method gives depends on the caller alone: it is called when a statement has to be made.
        if (isPlain)
            return [await new KeysetPager<T>(order, request, Kept()).PageAsync(() => Of((IQueryable<T>)Plain(inner, context), where), cancellation).ConfigureAwait(false)];

        var values = await inner(context).ConfigureAwait(false);
        if (values.OfType<Related<T>>().FirstOrDefault() is { Rows: var related })
        {
            var all = related.Rows;
            var pages = await new KeysetPager<T>(order, request, Kept())
                .PagesAsync(related with { Rows = () => Of(all(), where) }, context.HostServices.GetRequiredService<DatabaseEngine>(), () => filter.Database!, cancellation).ConfigureAwait(false);
            return [.. values.Select(v => v is Related<T> one ? pages[one.Parent] : v)];
        }

        var results = new object?[values.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = values[i] is IQueryable<T> rows ? await new KeysetPager<T>(order, request).PageAsync(Of(rows, where), cancellation).ConfigureAwait(false) : values[i];
        return results;
    };

    private static IQueryable<T> Of<T>(IQueryable<T> rows, System.Linq.Expressions.Expression<Func<T, bool>>? where) => where is null ? rows : rows.Where(where);

    // A method that returns a query has nothing to wait for.
    private static object Plain(FieldResolver inner, ResolverContext context) => inner(context).AsTask().GetAwaiter().GetResult()[0]!;

    /// <summary>Whether the method gives one query that nothing but the caller decides.</summary>
    private static bool IsPlain(FieldBuilder field) => field.ResultClrType.GetGenericTypeDefinition() == typeof(IQueryable<>)
        && field.Member is System.Reflection.MethodInfo method && method.GetParameters().All(p => p.ParameterType == typeof(ResolverContext))
        && !method.IsDefined(typeof(BatchResolverAttribute), false) && method.DeclaringType!.IsDefined(typeof(QueryTypeAttribute), false);
}
