using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>What a query's conditions mean for its caller at its moment: which facts count, and who is in the segments that it groups by.</summary>
internal sealed record MetricConditions(FactFilter Filter, IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>> Segments);
