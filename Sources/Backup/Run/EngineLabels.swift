public import Files
internal import FoundationEssentials
public import HostSystem
internal import Model
internal import Processes

/// Asks the engine's program for labels.
public struct EngineLabels: Sendable {
    public enum Subject: String, Sendable { case container, image }

    private let host: HostSystem

    public init(host: HostSystem) { self.host = host }

    /// What the engine says of either, as its command line prints it.
    private struct Inspected: Decodable {
        struct Configuration: Decodable {
            var labels: [String: String]?
            enum CodingKeys: String, CodingKey { case labels = "Labels" }
        }
        var configuration: Configuration?
        enum CodingKeys: String, CodingKey { case configuration = "Config" }
    }

    /// Those of a container with those of its image, or of an image by its id; `nil` when there is none.
    public func labels(of subject: Subject, _ name: String) async throws(HostError) -> [String: String]? {
        let command = try await host.engineCommand(["inspect", "--type", subject.rawValue, name])
        guard let result = try? await command.run(),
            let found = try? JSONDecoder().decode([Inspected].self, from: Data(result.output.withoutCrowds)).first
        else { return nil }
        return found.configuration?.labels ?? [:]
    }
}
