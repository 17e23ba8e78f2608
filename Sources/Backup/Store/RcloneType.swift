internal import Files
internal import FoundationEssentials
internal import Model
internal import Processes

/// What this rclone knows about a type of remotes.
struct RcloneType {
    private let name: String
    private let options: [Provider.Option]

    init(_ name: String, of target: String, program: String) async throws(HostError) {
        let known = try await Self.providers(program)
        guard let provider = known.first(where: { $0.name == name }) else {
            throw HostError(
                "rclone knows no type '\(name)' of backup target '\(target)'",
                hint: "correct 'type'; this rclone knows " + known.map(\.name).sorted().joined(separator: ", "))
        }
        self.name = name
        options = provider.options
    }

    /// Options that rclone wants obscured.
    var passwords: [String] { options.filter(\.isPassword).map(\.name) }

    /// rclone itself ignores what it does not know.
    func check(_ names: some Sequence<String>, of target: String) throws(HostError) {
        let known = Set(options.map(\.name) + ["type"])
        guard let unknown = names.filter({ !known.contains($0) }).min() else { return }
        let closest = Suggestion.closest(to: unknown, among: known)
        throw HostError(
            "rclone knows no option '\(unknown)' of type '\(name)' (backup target '\(target)')",
            hint: closest.map { "did you mean '\($0)'?" } ?? "'rclone help backend \(name)' lists its options")
    }

    private static func providers(_ program: String) async throws(HostError) -> [Provider] {
        do {
            let listed = try await Command(
                program, ["config", "providers"], environment: RcloneRemote.plainEnvironment
            ).run()
            return try JSONDecoder().decode([Provider].self, from: Data(listed.output))
        } catch {
            throw HostError(
                "cannot ask rclone for its types: \(error)", hint: "see whether '\(program) config providers' works")
        }
    }

    private struct Provider: Decodable {
        struct Option: Decodable {
            let name: String
            let isPassword: Bool

            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case isPassword = "IsPassword"
            }
        }

        let name: String
        let options: [Option]

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case options = "Options"
        }
    }
}
