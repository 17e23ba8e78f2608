internal import FoundationEssentials
internal import Model
internal import Planning

/// The configuration before it is complete: defaults, the file, the environment, and `--set`, each over the one before.
struct ConfigurationLayers {
    let schema: JSONSchema
    private let shape: JSONValue
    private let keys: [ConfigurationKey]
    private var value: JSONValue
    private(set) var problems: [PlanProblem] = []

    init() throws {
        schema = try JSONSchema(PackageResources.config_schema_json)
        shape = try JSONDocument(file: "config.schema.json", bytes: PackageResources.config_schema_json).value
        keys = ConfigurationKey.all(of: shape)
        value = Self.defaults(of: shape)
    }

    /// The configuration file.
    mutating func add(file: String, bytes: [UInt8]) {
        do {
            let document = try JSONDocument(file: file, bytes: bytes, takesAnyText: true)
            add(schema.problems(of: document), document.value)
        } catch {
            problems += error.problems
        }
    }

    /// Variables that name a key; others are left alone.
    mutating func add(environment: [String: String]) throws {
        for key in keys {
            guard let text = environment[key.variable] else { continue }
            try add(key, text, from: "environment variable '\(key.variable)'")
        }
    }

    /// `repository.url=…`.
    mutating func add(setting: String) throws {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return reject(setting, "has no value", hint: "write 'KEY=VALUE', such as 'interval=30s'")
        }
        guard let key = keys.first(where: { $0.dotted == parts[0] }) else {
            let closest = Suggestion.closest(to: parts[0], among: keys.map(\.dotted))
            return reject(
                parts[0], "is no key of the configuration", hint: closest.map { "did you mean '\($0)'?" } ?? "")
        }
        try add(key, parts[1], from: "--set \(key.dotted)")
    }

    /// Remembers that `host` came from the system; no key of the schema, so that nobody can write it.
    mutating func addFollowingHostName() {
        value = value.merged(with: .object(["followsHostName": .bool(true)]))
    }

    /// Adds a problem of the whole.
    mutating func add(_ problem: PlanProblem) { problems.append(problem) }

    subscript(key: String...) -> JSONValue? { key.reduce(Optional(value)) { $0?[$1] } }

    /// The value, once there are no problems.
    func decode(file: String) throws -> VSNConfiguration {
        guard problems.isEmpty else { throw PlanProblems(problems) }
        do {
            return try JSONDecoder().decode(VSNConfiguration.self, from: Data(value.encoded()))
        } catch DecodingError.dataCorrupted(let context) {
            // A number that fits the schema's pattern can still be too large.
            throw PlanProblems([
                PlanProblem(
                    file: file, pointer: context.codingPath.map { "/\($0.stringValue)" }.joined(),
                    message: context.debugDescription, hint: "write a smaller number")
            ])
        }
    }

    /// Variables that look like keys but are none: mostly misspelt, so a person wants to know.
    func unknownVariables(in environment: [String: String]) -> [String] {
        let known = Set(keys.map(\.variable) + ["FAIRLEAD_CONFIG", "FAIRLEAD_IDENTITY"])
        return environment.keys.filter { $0.hasPrefix(ConfigurationKey.variablePrefix) && !known.contains($0) }.sorted()
    }

    private mutating func add(_ key: ConfigurationKey, _ text: String, from source: String) throws {
        let patch = key.document(of: key.value(of: text))
        let document = try JSONDocument(file: source, bytes: patch.encoded(), takesAnyText: true)
        // There is no line: the document exists only here.
        add(schema.problems(of: document).map { Self.withoutPlace($0) }, patch)
    }

    private mutating func add(_ found: [PlanProblem], _ patch: JSONValue) {
        problems += found
        if found.isEmpty { value = value.merged(with: patch) }
    }

    private mutating func reject(_ setting: String, _ message: String, hint: String) {
        problems.append(PlanProblem(file: "--set", message: "'\(setting)' \(message)", hint: hint))
    }

    private static func withoutPlace(_ problem: PlanProblem) -> PlanProblem {
        var problem = problem
        problem.line = nil
        problem.column = nil
        return problem
    }

    private static func defaults(of schema: JSONValue) -> JSONValue {
        // Other values decide what is in place of those that are left out.
        guard schema["x-defaults"] == nil else { return .object([:]) }
        let members = (schema["properties"]?.object ?? [:]).compactMapValues { property in
            property["properties"] == nil ? property["default"] : defaults(of: property)
        }
        return .object(members)
    }
}
