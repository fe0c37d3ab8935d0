using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Customers;

/// <summary>A customer to make or change. Fields left out keep their values; null empties them.</summary>
public sealed class UpsertCustomerInput
{
    /// <summary>The customer to change. Without it the outside ids decide; without those a customer is made.</summary>
    [ID<Customer>] public Guid? Id { get; set; }
    /// <summary>Outside ids by which the customer is found or made; new ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerKind?> Kind { get; set; }
    public Optional<string?> Name { get; set; }
    public Optional<string?> Email { get; set; }
    public Optional<string?> Phone { get; set; }
    public Optional<Gender?> Gender { get; set; }
    public Optional<DateOnly?> BirthDate { get; set; }
    public Optional<string?> Occupation { get; set; }
    public Optional<string?> Industry { get; set; }
    public Optional<string?> Country { get; set; }
    public Optional<string?> Region { get; set; }
    public Optional<string?> City { get; set; }
    public Optional<string?> AcquisitionChannel { get; set; }
    public Optional<LifecycleStage?> LifecycleStage { get; set; }
    /// <summary>Since when the given stage lasts; now, when left out.</summary>
    public DateTime? LifecycleStageSince { get; set; }
    /// <summary>Replaces all tags.</summary>
    public Optional<IReadOnlyList<string>?> Tags { get; set; }
    public IReadOnlyList<string>? AddTags { get; set; }
    public IReadOnlyList<string>? RemoveTags { get; set; }
    /// <summary>Replaces all interests.</summary>
    public Optional<IReadOnlyList<string>?> Interests { get; set; }
    /// <summary>Who looks after the customer; null for nobody. A representative's new customers are his own.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    /// <summary>When the customer became known; now, when left out for a new one.</summary>
    public Optional<DateTime?> CreatedAt { get; set; }
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class CustomerMutations
{
    /// <summary>Makes a customer or changes the one that is there. The same call again changes nothing.</summary>
    public static async Task<Customer> UpsertCustomerAsync(UpsertCustomerInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Customers, input);
        return await LoadAsync(result.Id, context);
    }

    /// <summary>Makes or changes up to 1,000 customers in one transaction.</summary>
    /// <param name="allOrNothing">Write nothing when an entry is refused; otherwise the others are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCustomersAsync(IReadOnlyList<UpsertCustomerInput> customers, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Customer, nameof(Customer), b => b.Customers, customers, allOrNothing);

    /// <summary>
    /// Makes one customer out of two: everything of `lose` goes to `keep`, whose own fields win. The id of `lose` is known from then on as an outside
    /// id of `keep` with the source `crmgraph:merged`. Not to be undone.
    /// </summary>
    public static async Task<Customer> MergeCustomersAsync([ID<Customer>] Guid keep, [ID<Customer>] Guid lose, ResolverContext context)
    {
        var call = WriteCall.Of(context);
        return await LoadAsync(await call.Customers.MergeAsync(keep, lose, call.Caller, call.Cancelled), context);
    }

    /// <summary>Erases a person: personal fields, attributes, tags, texts and outside ids, in the history too. The money stays. Not to be undone.</summary>
    public static async Task<Customer> EraseCustomerAsync([ID<Customer>] Guid id, ResolverContext context)
    {
        var call = WriteCall.Of(context);
        return await LoadAsync(await call.Customers.EraseAsync(id, call.Caller, call.Cancelled), context);
    }

    /// <summary>Adds tags to a customer; tags that are there stay.</summary>
    public static Task<Customer> AddCustomerTagsAsync([ID<Customer>] Guid id, IReadOnlyList<string> tags, ResolverContext context) =>
        UpsertCustomerAsync(new UpsertCustomerInput { Id = id, AddTags = tags }, context);

    /// <summary>Takes tags from a customer; tags that are not there are no error.</summary>
    public static Task<Customer> RemoveCustomerTagsAsync([ID<Customer>] Guid id, IReadOnlyList<string> tags, ResolverContext context) =>
        UpsertCustomerAsync(new UpsertCustomerInput { Id = id, RemoveTags = tags }, context);

    private static Task<Customer> LoadAsync(Guid id, ResolverContext context)
        => Rows.Of(context).Customers.SingleAsync(c => c.Id == id, context.CancellationToken);
}
