from rest_framework.decorators import api_view, permission_classes
from rest_framework.generics import CreateAPIView, ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.viewsets import ModelViewSet


class OrderViewSet(ModelViewSet):
    permission_classes = [AllowAny]  # finding


class Upload(CreateAPIView):
    permission_classes = []  # finding


class Payment(CreateAPIView):
    authentication_classes = []  # finding


@api_view(["GET", "POST"])  # finding
@permission_classes([AllowAny])
def orders(request):
    return request.data


class ClosedViewSet(ModelViewSet):
    permission_classes = [IsAuthenticated]


class NewsView(ListAPIView):
    permission_classes = [AllowAny]


class LoginView(CreateAPIView):
    permission_classes = [AllowAny]


@api_view(["GET"])
@permission_classes([AllowAny])
def news(request):
    return []


@api_view(["POST"])
@permission_classes([IsAuthenticated])
def pay(request):
    return request.data
