import Model
import Processes
import Testing

@testable import Jobs

@Suite("What jobs know of the engine")
struct EngineProgramTests {
    @Test("a program that needs its service is always told of it, another one only where the service does the work")
    func service() {
        let podman = EngineProgram(of: .podman, environment: ["A": "b"], socket: "/run/a.sock")
        #expect(podman.name == "podman" && podman.environment == ["A": "b"])
        #expect(podman.service == ["CONTAINER_HOST": "unix:///run/a.sock"])
        let docker = EngineProgram(of: .docker, environment: ["A": "b"], socket: "/run/a.sock")
        #expect(docker.name == "docker" && docker.service.isEmpty)
        #expect(docker.environment == ["A": "b", "DOCKER_HOST": "unix:///run/a.sock"])
    }

    @Test(
        "a script is told what the engine of this host does",
        arguments: [(EngineProduct.podman, "yes no no yes"), (.docker, "no yes yes no")])
    func engine(product: EngineProduct, answers: String) async throws {
        let questions = ["LEAVES_LOGS", "IS_ELSEWHERE", "LEADS_BY_PROGRAM", "REWRITES_RULES"].map { "$ENGINE_\($0)" }
        #expect(try await echo(questions.joined(separator: " "), product) == answers)
    }

    @Test("a script knows interfaces and chains of every engine, whichever is on this host")
    func networks() async throws {
        let id = String(repeating: "[0-9a-f]", count: 12)
        for product in EngineProduct.allCases {
            #expect(try await echo("$ENGINE_INTERFACES", product) == "podman|cni|docker|br-\(id)$")
            #expect(try await echo("$ENGINE_BRIDGES", product) == "podman|cni|docker|br-")
            #expect(try await echo("$ENGINE_CHAINS", product) == "NETAVARK|netavark|CNI-|DOCKER")
            #expect(try await echo("$OWNERS_CHAINS", product) == "CNI-ADMIN|DOCKER-USER")
        }
    }

    private func echo(_ words: String, _ product: EngineProduct) async throws -> String {
        var settings = JobSettings()
        settings.set(engine: EngineProgram(of: product))
        let script = settings.lines.joined(separator: "\n") + "\nprintf %s \"\(words)\""
        return try await Command("/bin/bash", ["-uc", script]).run().text
    }
}
