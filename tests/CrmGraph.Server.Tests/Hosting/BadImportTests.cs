using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>Maps and files that cannot be: an error with a code that says what would be right, and the server goes on.</summary>
public sealed class BadImportTests
{
    private const string Csv = "text/csv";
    private const string Good = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    public static TheoryData<string, string, string, byte[], int, string> Files => new()
    {
        { "no map", "", Csv, Bytes(Good), 400, "MAP_UNKNOWN" },
        { "a map that is not there", "?map=online-retial", Csv, Bytes(Good), 400, "MAP_UNKNOWN" },
        { "a map's path", "?map=../../etc/passwd", Csv, Bytes(Good), 400, "MAP_UNKNOWN" },
        { "a number that is none", "?map=online-retail&rejected=all", Csv, Bytes(Good), 400, "INVALID_ARGUMENT" },
        { "a dry run that is neither", "?map=online-retail&dryRun=yes", Csv, Bytes(Good), 400, "INVALID_ARGUMENT" },
        { "a parameter that is none", "?map=online-retail&dry-run=true", Csv, Bytes(Good), 400, "INVALID_ARGUMENT" },
        { "binary rubbish", "?map=online-retail", Csv, Rubbish(), 422, "FILE_UNREADABLE|COLUMN_MISSING" },
        { "nothing", "?map=online-retail", Csv, [], 422, "FILE_UNREADABLE" },
        { "gzip whose content is broken", "?map=online-retail", Csv, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Rubbish()], 422, "FILE_UNREADABLE" },
        { "gzip that ends too soon", "?map=online-retail", Csv, Gzip()[..^200], 422, "FILE_UNREADABLE" },
        { "gzip that becomes a thousand times as much", "?map=online-retail", Csv, Bomb(), 422, "IMPORT_LIMIT_EXCEEDED" },
        { "gzip in gzip", "?map=online-retail", Csv, Packed(Gzip()), 422, "FILE_UNREADABLE|COLUMN_MISSING" },
        { "UTF-16 without a mark", "?map=online-retail", Csv, Encoding.Unicode.GetBytes(Good), 422, "FILE_UNREADABLE" },
        { "ten thousand columns", "?map=online-retail", Csv, Bytes(new string(',', 10_000) + "\n"), 422, "FILE_UNREADABLE" },
        { "a ZIP archive or Excel workbook", "?map=online-retail", Csv, [.. "PK\u0003\u0004"u8, .. Rubbish()], 422, "FILE_UNREADABLE" },
        { "a file of something else", "?map=online-retail", Csv, Bytes("a,b,c\n1,2,3\n"), 422, "COLUMN_MISSING" },
        { "a form without boundary", "", "multipart/form-data", Bytes("x"), 400, "HC0009" },
        { "a form that is none", "?map=online-retail", "multipart/form-data; boundary=b", Bytes("no form"), 400, "HC0009" },
        { "a form without a file", "?map=online-retail", "multipart/form-data; boundary=b", Form(("other", "x")), 400, "HC0009" },
        { "a form with a map that is no YAML", "", "multipart/form-data; boundary=b", Form(("map", "records: [}"), ("file", Good)), 400, "MAP_INVALID" },
        { "a form with a map of nothing", "", "multipart/form-data; boundary=b", Form(("map", "hello"), ("file", Good)), 400, "MAP_INVALID" },
        {
            "a form with a map of unknown words",
            "",
            "multipart/form-data; boundary=b",
            Form(("map", "source: x\nrecords:\n  - custommer: {key: id}\n"), ("file", "id\n1\n")),
            400,
            "MAP_INVALID" },
        {
            "a form with a map of an unknown encoding",
            "",
            "multipart/form-data; boundary=b",
            Form(("map", "source: x\nfile: {encoding: klingon}\nrecords:\n  - customer: {key: id}\n"), ("file", "id\n1\n")),
            400,
            "MAP_INVALID" },
        { "a form without the file that its map looks up in", "", "multipart/form-data; boundary=b", Form(
            ("map", "source: x\nrecords:\n  - customer: {key: id, name: {column: id, lookup: {file: names.csv, key: id, value: name}}}\n"),
            ("file", "id\n1\n")), 422, "LOOKUP_INVALID" },
        { "a form whose map looks up in a file of the server", "", "multipart/form-data; boundary=b", Form(
            ("map", "source: x\nrecords:\n  - customer: {key: id, name: {column: id, lookup: {file: /etc/passwd, key: 1, value: 2}}}\n"),
            ("file", "id\n1\n")), 400, "MAP_INVALID" },
        {
            "a form whose file has another delimiter",
            "",
            "multipart/form-data; boundary=b",
            Form(("map", "source: x\nrecords:\n  - customer: {key: id, name: name}\n"), ("file", "id;name\n1;Ada\n")),
            422,
            "COLUMN_MISSING" },
        {
            "a form with rows that are all refused",
            "",
            "multipart/form-data; boundary=b",
            Form(("map", "source: x\nrecords:\n  - order: {key: id, orderedAt: day, amount: id}\n"), ("file", "id,day\n1,soon\n")),
            422,
            "NOTHING_USED" },
        {
            "a dry run whose rows the database refuses",
            "?dryRun=true",
            "multipart/form-data; boundary=b",
            Form(("map", "source: x\nrecords:\n  - order: {key: id, amount: id}\n"), ("file", "id\n1\n")),
            422,
            "NOTHING_USED" },
        {
            "a form that ends within the file",
            "?map=cdnow",
            "multipart/form-data; boundary=b",
            Form(("file", "customer_id date number_of_cds dollar_value\n1 19970101 1 9.99\n"))[..^30],
            422,
            "FILE_UNREADABLE" },
    };

    [Fact]
    public async Task A_form_brings_the_files_that_its_map_looks_up_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = new MultipartFormDataContent
        {
            {
                new StringContent("source: x\nrecords:\n  - customer: {key: id, name: {column: id, lookup: {file: names.csv, key: no, value: name}}}\n"),
                "map",
                "map.yaml" },
            { new StringContent("no,name\n1,Ada\n"), "lookup", "names.csv" },
            { new StringContent("id\n1\n2\n"), "file", "file.csv" },
        };

        using var answer = await server.Client.PostAsync("/import", form);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (json.RootElement.GetProperty("rowsUsed").GetInt32(), json.RootElement.GetProperty("rowsRefused").GetInt32()));
    }

    [Fact]
    public async Task Files_to_look_up_in_have_a_size_at_most()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = new MultipartFormDataContent
        {
            {
                new StringContent("source: x\nrecords:\n  - customer: {key: id, name: {column: id, lookup: {file: names.csv, key: no, value: name}}}\n"),
                "map",
                "map.yaml" },
            { new ByteArrayContent(new byte[new ImportLimits().LookupBytes - 5]), "lookup", "other.csv" },
            { new StringContent("no,name\n1,Ada\n"), "lookup", "names.csv" },
            { new StringContent("id\n1\n"), "file", "file.csv" },
        };

        using var answer = await server.Client.PostAsync("/import", form);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("IMPORT_LIMIT_EXCEEDED", text, StringComparison.Ordinal);
        Assert.Contains("67108864 bytes together", text, StringComparison.Ordinal);
        await BadInputTests.AssertGoesOnAsync(server);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?dryRun=true")]
    public async Task A_refused_row_leaves_nothing(string query)
    {
        await using var server = await RunningServer.StartAsync();
        using var form = new MultipartFormDataContent
        {
            {
                new StringContent("source: x\nrecords:\n  - customer: {key: id, country: land}\n  - ticket: {key: no, openedAt: at, csat: csat}\n"),
                "map",
                "map.yaml" },
            { new StringContent("id,land,no,at,csat\n1,DE,1,2025-05-01,9\n2,FR,2,2025-05-01,5\n2,FR,3,2025-05-01,9\n"), "file", "file.csv" },
        };

        using var answer = await server.Client.PostAsync("/import" + query, form);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((1, 2), (json.RootElement.GetProperty("rowsUsed").GetInt32(), json.RootElement.GetProperty("rowsRefused").GetInt32()));
        var stored = await server.Database.QueryAsync(
            "select c.name, t.csat from customers c left join tickets t on t.customer_id = c.id where not c.is_guest");
        Assert.Equal(query.Length == 0 ? ["2|5"] : [], stored.Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task Maps_and_files_are_called_by_the_names_of_the_uploaded_ones()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("source: x\nrecords:\n  - customer: {key: id}\n"), "map", "folder/my customers.yaml" },
            { new StringContent("id\n1\n"), "file", "märz.csv" },
        };

        using var answer = await server.Client.PostAsync("/import", form);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("my customers.yaml", json.RootElement.GetProperty("map").GetString());
        Assert.Equal("märz.csv", json.RootElement.GetProperty("files")[0].GetString());
    }

    [Theory, MemberData(nameof(Files))]
    public async Task A_bad_map_or_file_is_told_what_is_wrong_and_the_server_goes_on(
        string kind,
        string query,
        string contentType,
        byte[] body,
        int status,
        string codes)
    {
        await using var server = await RunningServer.StartAsync();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var answer = await server.Client.PostAsync("/import" + query, content);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(status == (int)answer.StatusCode, $"{kind}: {(int)answer.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        // What is known before the file is read is a refused request; what shows while it is read stands in the report.
        var (code, message) = status == 422
            ? (json.RootElement.GetProperty("error").GetProperty("code"), json.RootElement.GetProperty("error").GetProperty("message"))
            : (json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code"), json.RootElement.GetProperty("errors")[0]
                .GetProperty("message"));
        Assert.Contains(code.GetString(), codes.Split('|'));
        Assert.NotEmpty(message.GetString()!);
        BadInputTests.AssertNoTrace(text);
        Assert.Equal(0L, (await server.Database.QueryAsync("select count(*) from customers where not is_guest"))[0][0]);
        await BadInputTests.AssertGoesOnAsync(server);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Analyst)]
    public async Task Only_administrators_import(Role role)
    {
        await using var server = await RunningServer.StartAsync("Production");
        var key = await server.CreateKeyAsync(role);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/import?map=online-retail") { Content = new ByteArrayContent(Bytes(Good)) };
        request.Headers.Authorization = new("Bearer", key.Secret);

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("\"AUTH_NOT_AUTHORIZED\"", await answer.Content.ReadAsStringAsync());
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[] Bomb() => Packed([.. Bytes(Good), .. Enumerable.Repeat((byte)'\n', 70 << 20)]);

    private static byte[] Rubbish()
    {
        var bytes = new byte[5_000];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write([.. Bytes(Good), .. Rubbish().SelectMany(b => Bytes($"{b},"))]);
        return packed.ToArray();
    }

    private static byte[] Form(params (string Name, string Text)[] parts) =>
        Bytes(string.Concat(parts.Select(p => $"--b\r\nContent-Disposition: form-data; name=\"{p.Name}\"; filename=\"f\"\r\n\r\n{p.Text}\r\n")) + "--b--\r\n");
}
