using System.Runtime.CompilerServices;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;

namespace CrmGraph.Server.Endpoints;

/// <summary>
/// What every operation of a caller sees. A caller's instance is kept while his credential is (<see cref="CallerCache"/>), and with it all that follows from
/// him alone: his limits, his bucket, what he may see. Whoever is told by his address, or asks for a price, has it made anew.
/// </summary>
public sealed class CallerStates(CostPolicies costs, ServerOptions options)
{
    private readonly ConditionalWeakTable<Caller, RequestState> _states = [];

    public RequestState Of(Caller caller, HttpContext context, CostMode mode = CostMode.Enforce) =>
        Of(caller, context, Language.Of(context.Request.Headers.AcceptLanguage), mode);

    public RequestState Of(Caller caller, HttpContext context, Language language, CostMode mode = CostMode.Enforce)
    {
        var state = Kept(caller, context, mode);
        if (language != Language.English)
            state.Set(language).Set(new Audience((state.Get<Audience>()?.Id, language)));
        return ErrorTexts.Of(language) is { } labels ? state.Set(labels) : state;
    }

    private RequestState Kept(Caller caller, HttpContext context, CostMode mode)
    {
        if (mode != CostMode.Enforce || !CostPolicies.IsKnown(caller))
            return Make(caller, context, mode);
        if (!_states.TryGetValue(caller, out var state))
            _states.AddOrUpdate(caller, state = Make(caller, context, mode));
        return state.Copy();
    }

    private RequestState Make(Caller caller, HttpContext context, CostMode mode)
    {
        var key = CostPolicies.Key(caller, context);
        var state = new RequestState().Set(caller).Set(costs.Of(caller, context, mode)).Set(new TransportCaller(key)).Set(new Audience((key, caller.Scope)));
        return options.ShowsSchemaTo(caller.Role) ? state : state.Set(new HiddenSchema());
    }
}
