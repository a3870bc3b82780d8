"""Services in containers: the network environment ``docker_compose``, on a Docker engine of this machine."""
