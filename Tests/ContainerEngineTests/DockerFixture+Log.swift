import Foundation
import TestSupport
import Testing

extension DockerFixture {
    /// Driver, number of files and size of a file in the log of container `name`.
    func logDriver(of name: String) async throws -> String {
        let answer = try await answer(to: "containers/\(name)/json")
        let container = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        let host = try #require(container?["HostConfig"] as? [String: Any])
        let log = try #require(host["LogConfig"] as? [String: Any])
        let options = log["Config"] as? [String: String] ?? [:]
        return [log["Type"] as? String ?? "", options["max-file"] ?? "", options["max-size"] ?? ""]
            .joined(separator: " ")
    }
}
