using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>How a field with <see cref="UsePagingAttribute"/> gets its pages.</summary>
internal abstract class PagedField
{
    public abstract ValueTask<IReadOnlyList<object?>> ResolveAsync(ResolverContext context);

    /// <summary>The lists of this field as the statement of their parents' list reads them; null when it cannot.</summary>
    /// <param name="plan">The plan of this field; its path leads here from <paramref name="context"/>.</param>
    public abstract ValueTask<NestedList?> NestedAsync(PagePlan plan, ResolverContext context);
}

internal sealed class PagedField<T> : PagedField where T : class
{
    private readonly FieldResolver _inner;
    private readonly DefaultOrder _own;
    // Null where more than the caller decides which rows there are.
    private readonly Func<ResolverContext, IQueryable<T>>? _rows;
    private readonly string? _of;
    private readonly string? _ofCustomer;

    public PagedField(FieldBuilder field, UsePagingAttribute attribute)
    {
        _inner = field.Resolver;
        _own = DefaultOrder.Parse(attribute.DefaultOrder, attribute.Key);
        (_of, _ofCustomer) = (attribute.Of, attribute.OfCustomer);
        if (attribute.IsBuiltEachTime && _of is null)
            return;
        // Said when the schema is built: otherwise a list would become slow in silence.
        if (field.Member is not MethodInfo method || method.ReturnType != typeof(IQueryable<T>) || method.GetParameters() is not [{ ParameterType: var only }]
            || only != typeof(ResolverContext)
            || !(_of is not null || method.DeclaringType!.IsDefined(typeof(QueryTypeAttribute), false)))
            throw new InvalidOperationException($"{field.Member.DeclaringType?.Name}.{field.Member.Name}: the statements of [UsePaging] are kept by caller, "
                + $"so its method takes the {nameof(ResolverContext)} alone and is of the query type or has {nameof(attribute.Of)}. "
                + $"Where more decides which rows there are, say {nameof(attribute.IsBuiltEachTime)} = true.");
        _rows = method.CreateDelegate<Func<ResolverContext, IQueryable<T>>>();
    }

    public override async ValueTask<IReadOnlyList<object?>> ResolveAsync(ResolverContext context)
    {
        if (context.Parents is IRowList known && known.Table.Related(context.Field.Name) is NestedPages pages)
            return pages.Of(known);
        var plan = context.PerPlan(PagePlan.Of);
        var list = await ListAsync(plan, context.Arguments, context);
        if (_of is not null)
            return await OfParentsAsync(list, plan, context);
        // What the method gives depends on the caller alone: it is called when a statement has to be made.
        if (_rows is not null)
        {
            if (plan.Reader<T>(context.HostServices.GetRequiredService<StatementCache>()) is not null)
                list = list with { FiltersFirst = await FilterFirst.IsCheaperAsync(list, context) };
            return [await (await PagerAsync(list, plan, 1, context)).PageAsync(
                () => list.Filtered(_rows(context)),
                context.CancellationToken)];
        }

        var values = await _inner(context);
        var results = new object?[values.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = values[i] is IQueryable<T> rows
                ? await new KeysetPager<T>(list.Order, list.Request).PageAsync(list.Filtered(rows), context.CancellationToken)
                : values[i];
        return results;
    }

    public override async ValueTask<NestedList?> NestedAsync(PagePlan plan, ResolverContext context)
    {
        if (_of is null || _own.Key is not ["Id"] || plan.WantsTotalCount || !plan.WantsRows)
            return null;
        try
        {
            var statements = context.HostServices.GetRequiredService<StatementCache>();
            if (plan.Reader<T>(statements) is not { } reader || context.ArgumentsBelow(plan.Path) is not { } arguments)
                return null;
            var list = await ListAsync(plan, arguments, context);
            if (list.Request is not { Size: > 0, After: null, Before: null })
                return null;
            var related = new RelatedRows<T>(() => list.Filtered(_rows!(context)), _of, _ofCustomer) { Parents = [] };
            return new NestedList<T>(plan, reader, statements, list, related);
        }
        catch (GraphQLException)
        {
            // The field itself answers with the error.
            return null;
        }
    }

    private async ValueTask<ListRequest<T>> ListAsync(PagePlan plan, IReadOnlyDictionary<string, object?> arguments, ResolverContext context)
    {
        ResolverContext.TryGetArgument<object>(arguments, "order", out var given);
        var filtered = UseSearchAttribute.Filter(arguments, context.Field);
        var filter = await ContextAsync(context, filtered, given);
        var order = plan.Order<T>(given, _own, filter);
        var request = PageRequest.Read(arguments, plan, order, context.HostServices.GetService<GraphQLLimits>() ?? new(), filter.Limits);
        return new(
            order,
            request,
            filtered is null ? null : await FilterBuilder.BuildAsync<T>(filtered, filter, context.CancellationToken));
    }

    /// <summary>What the filter and the order of one list need to know: it reads the settings only when its filter or order refers to them.</summary>
    private static async ValueTask<FilterContext> ContextAsync(ResolverContext context, InputObject? where, object? order)
    {
        var filter = (where is not null && FilterBuilder.ReadsMoment(where)) || SortBuilder.ReadsMoment(order)
            ? await FilterContext.OfAsync(context)
            : new FilterContext
            {
                Limits = context.HostServices.GetService<CrmLimits>() ?? new(),
                OpenDatabase = () => context.Services.GetRequiredService<CrmDbContext>(),
            };
        if (order is not null)
            await SortBuilder.PrepareAsync(order, filter, context.CancellationToken);
        return filter;
    }

    private async ValueTask<IReadOnlyList<object?>> OfParentsAsync(ListRequest<T> list, PagePlan plan, ResolverContext context)
    {
        var type = context.ParentType.ClrType!;
        var ids = GuidProperty.Of(context.Parents, type, "Id");
        var customers = _ofCustomer is null ? null : GuidProperty.Of(context.Parents, type, nameof(ICustomerFact.CustomerId));
        var related = new RelatedRows<T>(() => list.Filtered(_rows!(context)), _of!, _ofCustomer) { Parents = ParentKey.Distinct(ids, customers) };
        var pager = await PagerAsync(list, plan, related.Parents.Count, context);
        var pages = await pager.PagesAsync(
            related, QueryDialect.Of(context.HostServices.GetRequiredService<DatabaseEngine>()), () => context.Services.GetRequiredService<CrmDbContext>(),
            context.CancellationToken);
        return Array.ConvertAll(ids, id => (object?)pages[id!.Value]);
    }

    /// <param name="lists">How many lists are read at once.</param>
    private static async ValueTask<KeysetPager<T>> PagerAsync(ListRequest<T> list, PagePlan plan, int lists, ResolverContext context)
    {
        if (context.HostServices.GetService<StatementCache>() is not { } statements || plan.Reader<T>(statements) is not { } reader)
            return new(list.Order, list.Request);
        var nested = await NestedList.BelowAsync(plan, reader, list, lists, statements, context);
        return new(list.Order, list.Request, new(plan, reader, statements, context, list, nested)) { FiltersFirst = list.FiltersFirst };
    }
}

/// <summary>What is asked of a list.</summary>
internal sealed record ListRequest<T>(IReadOnlyList<SortKey> Order, PageRequest Request, Expression<Func<T, bool>>? Where)
{
    /// <summary>Whether all rows that the filter leaves are found before any order is looked at: <see cref="FilterFirst"/>.</summary>
    public bool FiltersFirst { get; init; }

    public IQueryable<T> Filtered(IQueryable<T> rows) => Where is null ? rows : rows.Where(Where);
}
