using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Customers;

/// <summary>A customer to create or update. Omitted fields keep their values; null clears them.</summary>
public sealed class UpsertCustomerInput
{
    /// <summary>The customer to change. If omitted, `externalIds` decide; without those, a customer is created.</summary>
    [ID<Customer>] public Guid? Id { get; set; }
    /// <summary>The external IDs by which the customer is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>Whether the customer is a person or a company. A new customer is a person by default.</summary>
    public Optional<CustomerKind?> Kind { get; set; }
    /// <summary>The full name of the person or company.</summary>
    public Optional<string?> Name { get; set; }
    /// <summary>The email address.</summary>
    public Optional<string?> Email { get; set; }
    /// <summary>The phone number.</summary>
    public Optional<string?> Phone { get; set; }
    /// <summary>The person's gender.</summary>
    public Optional<Gender?> Gender { get; set; }
    /// <summary>The person's date of birth.</summary>
    public Optional<DateOnly?> BirthDate { get; set; }
    /// <summary>The person's occupation.</summary>
    public Optional<string?> Occupation { get; set; }
    /// <summary>The industry in which the customer works.</summary>
    public Optional<string?> Industry { get; set; }
    /// <summary>The country. Write it the same way for all customers.</summary>
    public Optional<string?> Country { get; set; }
    /// <summary>The state, province or other region.</summary>
    public Optional<string?> Region { get; set; }
    /// <summary>The city.</summary>
    public Optional<string?> City { get; set; }
    /// <summary>The channel through which the customer first came.</summary>
    public Optional<string?> AcquisitionChannel { get; set; }
    /// <summary>The lifecycle stage that the customer enters.</summary>
    public Optional<LifecycleStage?> LifecycleStage { get; set; }
    /// <summary>When the customer entered the given stage; by default now.</summary>
    public DateTime? LifecycleStageSince { get; set; }
    /// <summary>The tags of the customer, replacing all existing ones.</summary>
    public Optional<IReadOnlyList<string>?> Tags { get; set; }
    /// <summary>Tags to add; existing ones are kept.</summary>
    public IReadOnlyList<string>? AddTags { get; set; }
    /// <summary>Tags to remove, if present.</summary>
    public IReadOnlyList<string>? RemoveTags { get; set; }
    /// <summary>The interests of the customer, replacing all existing ones.</summary>
    public Optional<IReadOnlyList<string>?> Interests { get; set; }
    /// <summary>The team member who looks after the customer; null for nobody. New customers of a representative are always their own.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    /// <summary>When the customer became known; by default now for a new customer.</summary>
    public Optional<DateTime?> CreatedAt { get; set; }
    /// <summary>Attributes to set, by key. A null value removes an attribute; others are kept.</summary>
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class CustomerMutations
{
    /// <summary>Creates or updates a customer. Repeating the call changes nothing.</summary>
    public static async Task<Customer> UpsertCustomerAsync(UpsertCustomerInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Customers, input);
        return await LoadAsync(result.Id, context);
    }

    /// <summary>Creates or updates up to 1,000 customers in one transaction.</summary>
    /// <param name="customers">The customers to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertCustomersAsync(IReadOnlyList<UpsertCustomerInput> customers, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Customer, nameof(Customer), b => b.Customers, customers, allOrNothing);

    /// <summary>
    /// Merges two customers: everything that belongs to `lose` moves to `keep`, whose own fields win. From then on, the ID of `lose` is an external ID of
    /// `keep` with the source `crmgraph:merged`. This cannot be undone.
    /// </summary>
    /// <param name="keep">The ID of the customer that remains.</param>
    /// <param name="lose">The ID of the customer that is merged into the other one.</param>
    public static async Task<Customer> MergeCustomersAsync([ID<Customer>] Guid keep, [ID<Customer>] Guid lose, ResolverContext context)
    {
        var call = WriteCall.Of(context);
        return await LoadAsync(await call.Customers.MergeAsync(keep, lose, call.Caller, call.Cancelled), context);
    }

    /// <summary>
    /// Erases a person: personal fields, attributes, tags, texts and external IDs, in the history as well. Amounts of money are kept. This cannot be
    /// undone.
    /// </summary>
    public static async Task<Customer> EraseCustomerAsync([ID<Customer>] Guid id, ResolverContext context)
    {
        var call = WriteCall.Of(context);
        return await LoadAsync(await call.Customers.EraseAsync(id, call.Caller, call.Cancelled), context);
    }

    /// <summary>Adds tags to a customer. Existing tags are kept.</summary>
    /// <param name="tags">The tags to add.</param>
    public static Task<Customer> AddCustomerTagsAsync([ID<Customer>] Guid id, IReadOnlyList<string> tags, ResolverContext context) =>
        UpsertCustomerAsync(new UpsertCustomerInput { Id = id, AddTags = tags }, context);

    /// <summary>Removes tags from a customer. Tags that the customer does not have are ignored.</summary>
    /// <param name="tags">The tags to remove.</param>
    public static Task<Customer> RemoveCustomerTagsAsync([ID<Customer>] Guid id, IReadOnlyList<string> tags, ResolverContext context) =>
        UpsertCustomerAsync(new UpsertCustomerInput { Id = id, RemoveTags = tags }, context);

    private static Task<Customer> LoadAsync(Guid id, ResolverContext context)
        => Rows.Of(context).Customers.SingleAsync(c => c.Id == id, context.CancellationToken);
}
