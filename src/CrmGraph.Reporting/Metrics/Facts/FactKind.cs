using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// A kind of facts that a company records or does not record at all: of any time and whatever the filter says, among those that the caller may see. A metric
/// of facts that were never recorded has no value: 0 would say that there were none.
/// </summary>
/// <param name="all">Day and, if it has one, customer of all facts of the kind.</param>
/// <param name="shows">Whether a row that was read for another reason shows that there are any; when left out every row of its sources does.</param>
internal sealed class FactKind(Func<CrmDbContext, IQueryable<FactRow>> all, Func<FactRow, bool>? shows = null)
{
    public bool IsShownBy(FactRow row) => shows is null || shows(row);

    /// <summary>A fact of the kind, if there is one; by scope one for each owner of today who has any.</summary>
    public IQueryable<FactRow> Any(CrmDbContext db, Caller caller, bool byScope)
    {
        var facts = all(db);
        if (caller.SeesAll)
            return facts.Select(f => new FactRow { Day = f.Day }).Take(1);
        var customers = db.Customers.AsNoTracking().Where(RowRules.Customer(caller));
        var seen = facts.Join(customers, f => f.CustomerId, c => c.Id, (f, c) => new FactRow { Day = f.Day, Scope = c.OwnerId });
        return byScope ? seen.Select(f => new FactRow { Scope = f.Scope }).Distinct() : seen.Select(f => new FactRow { Day = f.Day }).Take(1);
    }
}
