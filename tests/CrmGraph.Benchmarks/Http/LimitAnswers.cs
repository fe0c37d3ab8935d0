using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace CrmGraph.Benchmarks.Http;

/// <summary>
/// The limit's answers: one prepared statement each and its rows written as they come. The statements are those that a careful hand writes for
/// these tables; the row rule (no guests, and the caller's own customers) is in each.
/// </summary>
internal sealed class LimitAnswers(NpgsqlDataSource source, Guid[]? owners)
{
    private const int Page = 50;
    private readonly string _rule = owners is null ? "not is_guest" : "not is_guest and owner_id = any($1)";
    private readonly byte[] _byName = SHA256.HashData("Customer:+name,+id"u8)[..4];

    public Task WriteAsync(LimitRequest request, Utf8JsonWriter json, CancellationToken cancelled) => request.Operation switch
    {
        "W1" => CustomerAsync(request, json, cancelled),
        "W2" => NamesAsync(request, json, cancelled),
        "W3" => OrdersAsync(request, json, cancelled),
        "W6" => TypeNameAsync(json),
        "W7" => ThousandAsync(request, json, cancelled),
        _ => throw new InvalidOperationException($"The limit has no answer to {request.Operation}."),
    };

    private static Task TypeNameAsync(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        json.WriteString("__typename"u8, "Query"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        return Task.CompletedTask;
    }

    private async Task CustomerAsync(LimitRequest request, Utf8JsonWriter json, CancellationToken cancelled)
    {
        await using var command = Command($"select id, name, email, region, city, created_at from customers where id = {P(0)} and {_rule}");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.Id });
        await using var row = await command.ExecuteReaderAsync(cancelled);
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        if (await row.ReadAsync(cancelled))
        {
            json.WriteStartObject("customer"u8);
            Id(json, "Customer:"u8, row.GetGuid(0));
            json.WriteString("name"u8, row.GetString(1));
            Text(json, "email"u8, row, 2);
            Text(json, "region"u8, row, 3);
            Text(json, "city"u8, row, 4);
            json.WriteString("createdAt"u8, row.GetDateTime(5));
            json.WriteEndObject();
        }
        else
            json.WriteNull("customer"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task NamesAsync(LimitRequest request, Utf8JsonWriter json, CancellationToken cancelled)
    {
        await using var command = Command($"""
            select id, name, email, city, industry, lifecycle_stage, owner_id, created_at, name_folded from customers
            where {_rule} and region = {P(0)} and created_at >= {P(1)} and created_at < {P(2)} order by name_folded, id limit {Page + 1}
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Region });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.From });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Until });
        await using var rows = await command.ExecuteReaderAsync(cancelled);
        Start(json);
        var (count, more, id, name) = (0, false, Guid.Empty, "");
        while (await rows.ReadAsync(cancelled))
        {
            if (count++ == Page)
            {
                more = true;
                break;
            }

            (id, name) = (rows.GetGuid(0), rows.GetString(8));
            json.WriteStartObject();
            Id(json, "Customer:"u8, id);
            json.WriteString("name"u8, rows.GetString(1));
            Text(json, "email"u8, rows, 2);
            Text(json, "city"u8, rows, 3);
            Text(json, "industry"u8, rows, 4);
            json.WriteString("lifecycleStage"u8, rows.GetString(5));
            if (rows.IsDBNull(6))
                json.WriteNull("ownerId"u8);
            else
                Id(json, "TeamMember:"u8, rows.GetGuid(6), "ownerId"u8);
            json.WriteString("createdAt"u8, rows.GetDateTime(7));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("pageInfo"u8);
        json.WriteBoolean("hasNextPage"u8, more);
        if (count == 0)
            json.WriteNull("endCursor"u8);
        else
            json.WriteString("endCursor"u8, Cursor(name, id));
        json.WriteEndObject();
        End(json);
    }

    private async Task OrdersAsync(LimitRequest request, Utf8JsonWriter json, CancellationToken cancelled)
    {
        await using var command = Command($"""
            select c.id, c.name, o.id, o.ordered_at, o.gross_amount, l.id, l.name
            from (select id, name, created_at from customers where {_rule} and created_at < {P(0)} order by created_at desc, id desc limit 20) c
            left join lateral (select id, ordered_at, gross_amount from orders where customer_id = c.id order by ordered_at desc, id desc limit 5) o on true
            left join lateral (select l.id, p.name from order_lines l left join products p on p.id = l.product_id
              where l.customer_id = c.id and l.order_id = o.id order by l.id limit {Page}) l on true
            order by c.created_at desc, c.id desc, o.ordered_at desc, o.id desc, l.id
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Before });
        await using var rows = await command.ExecuteReaderAsync(cancelled);
        Start(json);
        var (customer, order) = (Guid.Empty, Guid.Empty);
        while (await rows.ReadAsync(cancelled))
        {
            var id = rows.GetGuid(0);
            if (id != customer)
            {
                EndOrder(json, ref order);
                EndCustomer(json, customer);
                customer = id;
                json.WriteStartObject();
                Id(json, "Customer:"u8, id);
                json.WriteString("name"u8, rows.GetString(1));
                json.WriteStartObject("orders"u8);
                json.WriteStartArray("nodes"u8);
            }

            if (rows.IsDBNull(2))
                continue;
            var orderId = rows.GetGuid(2);
            if (orderId != order)
            {
                EndOrder(json, ref order);
                order = orderId;
                StartOrder(json, customer, order, rows);
            }

            if (!rows.IsDBNull(5))
                Line(json, rows);
        }

        EndOrder(json, ref order);
        EndCustomer(json, customer);
        json.WriteEndArray();
        End(json);
    }

    private async Task ThousandAsync(LimitRequest request, Utf8JsonWriter json, CancellationToken cancelled)
    {
        await using var command = Command($"""
            select id, name, email, region, country, city, industry, acquisition_channel, lifecycle_stage, created_at from customers
            where {_rule} and created_at < {P(0)} order by created_at desc, id desc limit 1000
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Before });
        await using var rows = await command.ExecuteReaderAsync(cancelled);
        Start(json);
        while (await rows.ReadAsync(cancelled))
        {
            json.WriteStartObject();
            Id(json, "Customer:"u8, rows.GetGuid(0));
            json.WriteString("name"u8, rows.GetString(1));
            Text(json, "email"u8, rows, 2);
            Text(json, "region"u8, rows, 3);
            Text(json, "country"u8, rows, 4);
            Text(json, "city"u8, rows, 5);
            Text(json, "industry"u8, rows, 6);
            Text(json, "acquisitionChannel"u8, rows, 7);
            json.WriteString("lifecycleStage"u8, rows.GetString(8));
            json.WriteString("createdAt"u8, rows.GetDateTime(9));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        End(json);
    }

    private NpgsqlCommand Command(string sql)
    {
#pragma warning disable CA2100 // The statements stand above.
        var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        if (owners is not null)
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = owners });
        return command;
    }

    /// <summary>The n-th own parameter of a statement; the rule's comes first.</summary>
    private string P(int n) => owners is null ? $"${n + 1}" : $"${n + 2}";

    private static void Start(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        json.WriteStartObject("customers"u8);
        json.WriteStartArray("nodes"u8);
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void StartOrder(Utf8JsonWriter json, Guid customer, Guid order, NpgsqlDataReader rows)
    {
        Span<byte> id = stackalloc byte[48];
        json.WriteStartObject();
        json.WriteBase64String("id"u8, id[..GlobalId.Write(id, "Order:"u8, customer, order)]);
        json.WriteString("orderedAt"u8, rows.GetDateTime(3));
        json.WriteNumber("grossAmount"u8, rows.GetInt64(4) / 10_000m);
        json.WriteStartObject("lines"u8);
        json.WriteStartArray("nodes"u8);
    }

    private static void Line(Utf8JsonWriter json, NpgsqlDataReader rows)
    {
        json.WriteStartObject();
        if (rows.IsDBNull(6))
            json.WriteNull("product"u8);
        else
        {
            json.WriteStartObject("product"u8);
            json.WriteString("name"u8, rows.GetString(6));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void EndOrder(Utf8JsonWriter json, ref Guid order)
    {
        if (order == Guid.Empty)
            return;
        order = Guid.Empty;
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void EndCustomer(Utf8JsonWriter json, Guid customer)
    {
        if (customer == Guid.Empty)
            return;
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Id(Utf8JsonWriter json, ReadOnlySpan<byte> prefix, Guid value, ReadOnlySpan<byte> name = default)
    {
        Span<byte> id = stackalloc byte[48];
        json.WriteBase64String(name.IsEmpty ? "id"u8 : name, id[..GlobalId.Write(id, prefix, value)]);
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            json.WriteNull(name);
        else
            json.WriteString(name, row.GetString(column));
    }

    /// <summary>The place behind a row in the order by name, as the product writes it: order, values, checksum.</summary>
    private string Cursor(string name, Guid id)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(_byName);
        writer.Write((byte)1);
        writer.Write(name);
        writer.Write((byte)6);
        writer.Write(id.ToByteArray());
        writer.Write(SHA256.HashData(bytes.ToArray())[..4]);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes.ToArray());
    }
}
